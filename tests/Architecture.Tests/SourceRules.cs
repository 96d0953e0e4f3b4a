using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Architecture.Tests;

/// <summary>The rules that one C# file obeys. Each gives findings with file, line, figure and what to do.</summary>
internal static class SourceRules
{
    private const int MaxFileLines = 400;
    private const int MaxMethodLines = 60;
    private const int MaxParameters = 6;

    private static readonly string[] BadEndings = ["Helper", "Helpers", "Util", "Utils", "Manager", "Base"];
    private static readonly string[] NamespaceNames = ["Host", "Device", "Profiler", "Hub", "Onnx"];

    // The generated types of the ONNX format stay behind a namespace of their own, so that no other folder sees them by chance.
    private static readonly string[] FoldersWithNamespace = ["EdgePrune.Onnx.Serialization"];

    // Families of small types that read better together.
    private static readonly string[] Families = ["Messages.cs", "UnitConverters.cs", "EdgePruneException.cs", "ProfileReport.cs"];

    // Files that hold no type of their own.
    private static readonly string[] WithoutType = ["Program.cs", "AssemblyInfo.cs", "GlobalUsings.cs", "GlobalSuppressions.cs"];

    internal static IEnumerable<string> FileLength(SourceFile file)
    {
        if (file.Lines > MaxFileLines)
        {
            yield return $"{file.Path}:{MaxFileLines + 1}: {file.Lines} lines, at most {MaxFileLines}. Move one job into a class of its own.";
        }
    }

    internal static IEnumerable<string> Namespace(SourceFile file)
    {
        var spaces = file.Tree.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().ToList();
        var holdsTypes = file.Tree.DescendantNodes().Any(n => n is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        var ownName = FoldersWithNamespace.FirstOrDefault(n => n == $"{file.Project}.{file.Path.Split('/')[2]}");
        foreach (var space in spaces.Where(s => (s.Name.ToString() != file.Project && s.Name.ToString() != ownName) || s is NamespaceDeclarationSyntax))
        {
            yield return $"{file.At(space.NamespaceKeyword)}: namespace '{space.Name}'. Write 'namespace {file.Project};', whatever the folder.";
        }

        if (spaces.Count == 0 && holdsTypes)
        {
            yield return $"{file.Path}:1: types without a namespace. Write 'namespace {file.Project};'.";
        }
    }

    internal static IEnumerable<string> MethodLength(SourceFile file) =>
        from node in file.Tree.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let start = FirstTokenAfterAttributes(node)
        let lines = node.GetLocation().GetLineSpan().EndLinePosition.Line - start.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        where lines > MaxMethodLines
        select $"{file.At(start)}: {NameOf(node)} has {lines} lines, at most {MaxMethodLines}. Make each of its steps a method.";

    internal static IEnumerable<string> ParameterCount(SourceFile file) =>
        from list in file.Tree.DescendantNodes().OfType<ParameterListSyntax>()
        where list.Parameters.Count > MaxParameters && list.Parent is not RecordDeclarationSyntax && !IsNative(list.Parent)
        select $"{file.At(list.OpenParenToken)}: {NameOf(list.Parent!)} has {list.Parameters.Count} parameters, at most {MaxParameters}. Make an options record of them.";

    internal static IEnumerable<string> TypeNames(SourceFile file) =>
        from type in file.Tree.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        let name = type.Identifier.Text
        let isBad = BadEndings.Any(e => name.EndsWith(e, StringComparison.Ordinal)) || name.StartsWith("Common", StringComparison.Ordinal)
        where isBad || NamespaceNames.Contains(name)
        select $"{file.At(type.Identifier)}: type '{name}'. {(isBad ? "Name the job it does." : "It is also the end of a namespace; name it otherwise.")}";

    internal static IEnumerable<string> FileName(SourceFile file)
    {
        var fileName = Path.GetFileName(file.Path);
        var expected = fileName.Split('.')[0];
        var types = TopLevelTypes(file).ToList();
        if (types.Count == 0 || WithoutType.Contains(fileName) || Families.Contains(fileName))
        {
            return [];
        }

        var publicTypes = types.Where(IsPublic).ToList();
        var named = publicTypes.Count > 0 ? publicTypes : types;
        var extra = publicTypes.Where(t => IsMain(t) && t.Identifier.Text != expected)
            .Where(_ => publicTypes.Any(t => t.Identifier.Text == expected));
        return named.All(t => t.Identifier.Text != expected)
            ? [$"{file.At(named[0].Identifier)}: no {(publicTypes.Count > 0 ? "public " : "")}type is called '{expected}'. Rename the file to '{named[0].Identifier.Text}.cs'."]
            : extra.Select(t => $"{file.At(t.Identifier)}: second public type '{t.Identifier.Text}'. Move it to '{t.Identifier.Text}.cs'.");
    }

    private static IEnumerable<BaseTypeDeclarationSyntax> TopLevelTypes(SourceFile file) =>
        file.Tree.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Where(t => t.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax);

    private static bool IsPublic(BaseTypeDeclarationSyntax type) => type.Modifiers.Any(SyntaxKind.PublicKeyword);

    // An enum, a record, a struct or an exception may live with the type it belongs to.
    private static bool IsMain(BaseTypeDeclarationSyntax type) =>
        type is ClassDeclarationSyntax or InterfaceDeclarationSyntax && !type.Identifier.Text.EndsWith("Exception", StringComparison.Ordinal);

    private static SyntaxToken FirstTokenAfterAttributes(SyntaxNode node) =>
        node.ChildNodesAndTokens().First(c => c.AsNode() is not AttributeListSyntax) is var first && first.IsToken
            ? first.AsToken()
            : first.AsNode()!.GetFirstToken();

    // A native function has the parameters that its library gave it.
    private static bool IsNative(SyntaxNode? node) => node is MethodDeclarationSyntax method
        && (method.Modifiers.Any(SyntaxKind.ExternKeyword)
            || method.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString() is "LibraryImport" or "DllImport"));

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax m => $"method '{m.Identifier.Text}'",
        ConstructorDeclarationSyntax c => $"constructor of '{c.Identifier.Text}'",
        LocalFunctionStatementSyntax f => $"local function '{f.Identifier.Text}'",
        AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax p } => $"accessor of '{p.Identifier.Text}'",
        BaseTypeDeclarationSyntax t => $"primary constructor of '{t.Identifier.Text}'",
        DelegateDeclarationSyntax d => $"delegate '{d.Identifier.Text}'",
        _ => "function",
    };
}
