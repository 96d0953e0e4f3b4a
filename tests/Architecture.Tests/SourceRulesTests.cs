namespace Architecture.Tests;

/// <summary>The rules hold on the tree, and each of them can fail.</summary>
public sealed class SourceRulesTests
{
    [Fact]
    public void Sources_AreFound() => Assert.Contains(RepositoryTree.Sources, s => s.Path == "src/EdgePrune.Contracts/Bundles/BundleFile.cs");

    [Fact]
    public void Sources_NoFile_IsTooLong() => Findings.AreNone(RepositoryTree.Sources.SelectMany(SourceRules.FileLength));

    [Fact]
    public void Sources_EveryNamespace_IsThatOfTheProject() => Findings.AreNone(RepositoryTree.Sources.SelectMany(SourceRules.Namespace));

    [Fact]
    public void Sources_NoMethod_IsTooLong() => Findings.AreNone(RepositoryTree.Sources.SelectMany(SourceRules.MethodLength));

    [Fact]
    public void Sources_NoParameterList_IsTooLong() => Findings.AreNone(RepositoryTree.Sources.SelectMany(SourceRules.ParameterCount));

    [Fact]
    public void Sources_EveryTypeName_SaysWhatTheTypeDoes() => Findings.AreNone(RepositoryTree.Sources.SelectMany(SourceRules.TypeNames));

    [Fact]
    public void Sources_EveryFile_IsNamedAfterItsType() => Findings.AreNone(RepositoryTree.Sources.SelectMany(SourceRules.FileName));

    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void FileLength_CountsLines(int lines, int findings)
    {
        Assert.Equal(findings, SourceRules.FileLength(Sample(string.Concat(Enumerable.Repeat("//\n", lines)))).Count());
    }

    [Theory]
    [InlineData("namespace EdgePrune.Host; class A;", 0)]
    [InlineData("using System;", 0)]
    [InlineData("Run();", 0)]
    [InlineData("namespace EdgePrune.Host.Planning; class A;", 1)]
    [InlineData("namespace EdgePrune.Host { class A; }", 1)]
    [InlineData("class A;", 1)]
    public void Namespace_OtherThanTheProject_IsFound(string text, int findings) => Assert.Equal(findings, SourceRules.Namespace(Sample(text)).Count());

    [Theory]
    [InlineData("src/EdgePrune.Onnx/Serialization/A.cs", 0)]
    [InlineData("src/EdgePrune.Onnx/Graph/A.cs", 1)]
    public void Namespace_OfTheGeneratedTypes_StaysInItsFolder(string path, int findings)
    {
        Assert.Equal(findings, SourceRules.Namespace(new SourceFile(path, "namespace EdgePrune.Onnx.Serialization; class A;")).Count());
    }

    [Theory]
    [InlineData("class A { [X]\n[Y]\n/* */ void M()\n{\n@\n}\n}", 57, 0)]
    [InlineData("class A { void M()\n{\n@\n}\n}", 58, 1)]
    [InlineData("class A { A()\n{\n@\n}\n}", 58, 1)]
    [InlineData("class A { int P { get\n{\n@\n} }\n}", 58, 1)]
    [InlineData("void M()\n{\n@\n}", 58, 1)]
    public void MethodLength_CountsFromTheSignatureToTheEnd(string text, int statements, int findings)
    {
        var body = string.Join('\n', Enumerable.Repeat("x();", statements));

        Assert.Equal(findings, SourceRules.MethodLength(Sample(text.Replace("@", body, StringComparison.Ordinal))).Count());
    }

    [Theory]
    [InlineData("class A { void M(@) {} }", 6, 0)]
    [InlineData("class A { void M(@) {} }", 7, 1)]
    [InlineData("class A { A(@) {} }", 7, 1)]
    [InlineData("class A(@);", 7, 1)]
    [InlineData("record A(@);", 7, 0)]
    [InlineData("record struct A(@);", 7, 0)]
    [InlineData("record A { void M(@) {} }", 7, 1)]
    [InlineData("delegate void D(@);", 7, 1)]
    [InlineData("class A { [LibraryImport(\"c\")] static partial void M(@); }", 7, 0)]
    public void ParameterCount_BeyondSix_IsFoundExceptInRecords(string text, int parameters, int findings)
    {
        var list = string.Join(", ", Enumerable.Range(0, parameters).Select(i => $"int p{i}"));

        Assert.Equal(findings, SourceRules.ParameterCount(Sample(text.Replace("@", list, StringComparison.Ordinal))).Count());
    }

    [Theory]
    [InlineData("TensorHelper", 1)]
    [InlineData("FileUtils", 1)]
    [InlineData("SlotManager", 1)]
    [InlineData("CommonRules", 1)]
    [InlineData("SensorBase", 1)]
    [InlineData("Host", 1)]
    [InlineData("Onnx", 1)]
    [InlineData("Database", 0)]
    [InlineData("DeviceInfo", 0)]
    [InlineData("HubStore", 0)]
    public void TypeNames_ThatSayNothing_AreFound(string name, int findings)
    {
        Assert.Equal(findings, SourceRules.TypeNames(Sample($"class {name};")).Count());
        Assert.Equal(findings, SourceRules.TypeNames(Sample($"class Outer {{ record struct {name}; }}")).Count());
    }

    [Theory]
    [InlineData("public class Sample;", 0)]
    [InlineData("public class Sample<T>;", 0)]
    [InlineData("public class Sample; public enum Kind { A }", 0)]
    [InlineData("public class Sample; public record Result; public class SampleException;", 0)]
    [InlineData("public class Sample; class Inner;", 0)]
    [InlineData("class Sample;", 0)]
    [InlineData("using System;", 0)]
    [InlineData("public class Sample; public class Other;", 1)]
    [InlineData("public class Other;", 1)]
    [InlineData("class Other;", 1)]
    [InlineData("class Sample; public class Other;", 1)]
    public void FileName_OtherThanItsType_IsFound(string text, int findings)
    {
        Assert.Equal(findings, SourceRules.FileName(Sample($"namespace EdgePrune.Host; {text}")).Count());
    }

    private static SourceFile Sample(string text) => new("src/EdgePrune.Host/Planning/Sample.cs", text);
}
