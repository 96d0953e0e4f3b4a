using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class CommandEvaluatorTests
{
    [Theory]
    [InlineData("echo '{model} 1 then 97.5'", 97.5)]
    [InlineData("echo \"accuracy=98.25%\" {model}/..", 98.25)]
    [InlineData("sh -c 'test -s \"$0\" && echo top5 -1.5e1.' {model}", -15)]
    [InlineData("sh -c 'wc -c < \"$0\"' {model}", 3)]
    public async Task Evaluate_Command_GivesTheLastNumberItPrints(string command, double expected)
    {
        var result = await new CommandEvaluator(command).EvaluateAsync(new byte[] { 1, 2, 3 }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, result.Score);
    }

    [Theory]
    [InlineData("echo {model}/no/number/here", "no number")]
    [InlineData("sh -c 'echo epoch 3: nan' {model}", "'nan'")]
    [InlineData("sh -c 'echo 5; echo broken >&2; exit 4' {model}", "exit code 4; expected 0. Its last errors: 'broken'")]
    [InlineData("/no/such/program {model}", "cannot be started")]
    public async Task Evaluate_CommandThatFails_SaysWhy(string command, string reason)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => new CommandEvaluator(command).EvaluateAsync(new byte[] { 1 }, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.EvaluatorFailed, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FloodOfOutput_KeepsTheEnd()
    {
        var result = await new CommandEvaluator("sh -c 'yes 1 | head -n 200000; echo 42' {model}").EvaluateAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(42, result.Score);
    }

    [Fact]
    public async Task Evaluate_Cancelled_KillsTheCommandAndItsChildren()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var pipe = Path.Combine(folder.FullName, "started");
        var command = $"sh -c 'echo $$ > {pipe}.new; mv {pipe}.new {pipe}; sleep 600 & wait' {{model}}";
        var evaluation = new CommandEvaluator(command).EvaluateAsync(new byte[] { 1 }, source.Token);
        while (!File.Exists(pipe) && !evaluation.IsCompleted)
        {
            await Task.Yield();
        }

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => evaluation);
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(pipe).Trim()}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("score model.onnx")]
    [InlineData("{model}")]
    [InlineData("score 'open {model}")]
    public void Make_UnusableCommand_IsRefused(string command)
    {
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => new CommandEvaluator(command)).Code);
    }

    [Theory]
    [InlineData("a b  c", new[] { "a", "b", "c" })]
    [InlineData("a 'b c' \"d e\"", new[] { "a", "b c", "d e" })]
    [InlineData("a \"say \\\"hi\\\" \\\\ \\n\"", new[] { "a", "say \"hi\" \\ \\n" })]
    [InlineData("C:\\tools\\score.exe --x='y z'", new[] { "C:\\tools\\score.exe", "--x=y z" })]
    [InlineData("a '' \"\"", new[] { "a", "", "" })]
    [InlineData("", new string[0])]
    public void Split_Quotes_KeepBlanksTogether(string text, string[] expected)
    {
        Assert.Equal(expected, CommandLine.Split(text));
    }
}
