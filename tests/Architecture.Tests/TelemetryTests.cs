using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Architecture.Tests;

/// <summary>ONNX Runtime reads its telemetry switch once, when it is loaded: every program must set it before anything else.</summary>
public sealed class TelemetryTests
{
    [Theory]
    [InlineData("src/EdgePrune.Cli/Program.cs")]
    [InlineData("src/EdgePrune.Device/Program.cs")]
    public void Program_FirstStatement_DisablesTelemetryNatively(string path)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryTree.Root, path));
        var first = CSharpSyntaxTree.ParseText(text, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<GlobalStatementSyntax>().First();

        Assert.Equal("NativeEnvironment.DisableTelemetry();", first.Statement.ToString());
    }
}
