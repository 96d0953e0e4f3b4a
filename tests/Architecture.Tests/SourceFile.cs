using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Architecture.Tests;

/// <summary>A C# file with its syntax tree.</summary>
/// <param name="Path">Path relative to the repository's root, with forward slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    internal SyntaxNode Tree { get; } = CSharpSyntaxTree.ParseText(Text).GetRoot();

    /// <summary>The project the file belongs to, such as <c>EdgePrune.Host</c>.</summary>
    internal string Project => Path.Split('/')[1];

    internal int Lines => Text.Split('\n').Length - (Text.EndsWith('\n') ? 1 : 0);

    internal string At(SyntaxToken token) => $"{Path}:{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
