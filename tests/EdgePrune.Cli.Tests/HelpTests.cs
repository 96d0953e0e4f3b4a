namespace EdgePrune.Cli.Tests;

/// <summary>
/// Every help screen is approved text. After a change on purpose, run the tests with EDGEPRUNE_APPROVE=1 and review the diff.
/// </summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("quickstart")]
    [InlineData("inspect")]
    [InlineData("sensitivity")]
    [InlineData("advise")]
    [InlineData("plan")]
    [InlineData("prune")]
    [InlineData("sparsify")]
    [InlineData("finetune")]
    [InlineData("train")]
    [InlineData("lottery")]
    [InlineData("quantize")]
    [InlineData("evaluate")]
    [InlineData("profile")]
    [InlineData("bench")]
    [InlineData("history")]
    [InlineData("history list")]
    [InlineData("history show")]
    [InlineData("history compare")]
    [InlineData("history plot")]
    [InlineData("tune")]
    [InlineData("study")]
    [InlineData("bundle")]
    [InlineData("bundle pack")]
    [InlineData("bundle sign")]
    [InlineData("bundle verify")]
    [InlineData("bundle show")]
    [InlineData("push")]
    [InlineData("hub")]
    [InlineData("device")]
    [InlineData("device install")]
    [InlineData("device list")]
    [InlineData("keys")]
    [InlineData("keys create")]
    [InlineData("keys public")]
    [InlineData("keys show")]
    public async Task Help_OfEachVerb_IsApprovedAndEndsInAnExample(string verb)
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        // The name of the program is the test's own where it runs in a test.
        var screen = tool.Out.ReplaceLineEndings("\n").Replace("EdgePrune.Cli.Tests", "edgeprune", StringComparison.Ordinal);
        screen = string.Join('\n', screen.Split('\n').Select(l => l.TrimEnd()));
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("\nExample:\n  edgeprune ", screen, StringComparison.Ordinal);
        ApprovedText.Require("Help", verb.Length == 0 ? "edgeprune" : verb.Replace(' ', '-'), screen);
    }

    [Fact]
    public async Task Run_WithoutAWord_ShowsTheHelp()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Done, await tool.RunAsync());
        Assert.Contains("quickstart", tool.Out, StringComparison.Ordinal);
    }
}
