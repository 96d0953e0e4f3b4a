namespace EdgePrune.Cli.Tests;

public sealed class BenchVerbTests
{
    [Theory]
    [InlineData("--threads", "0", "threads is 0")]
    [InlineData("--threads", "two", "'two' is no whole number")]
    [InlineData("--threads", ",", "--threads names nothing")]
    [InlineData("--spin", "maybe", "'maybe' is unknown")]
    [InlineData("--rules", "mlperf", "known are default, mlperf-tiny")]
    [InlineData("--windows", "4", "windows is 4")]
    [InlineData("--window", "5", "with its unit")]
    [InlineData("--device", "board", "given without --hub")]
    [InlineData("--key", "release.pem", "--key signs what is pushed to a device, and none is named")]
    public async Task Bench_WithAWrongOption_IsRefusedBeforeAnyMeasurement(string option, string value, string expected)
    {
        using var work = new WorkFolder();
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("bench", Sample.Model, option, value, "--out", work["out"]));
        Assert.Contains("EP1001", tool.Error, StringComparison.Ordinal);
        Assert.Contains(expected, tool.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(work["out"]));
    }

    [Fact]
    public async Task Bench_WithWindowsAndMlperfRules_IsRefused()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("bench", Sample.Model, "--rules", "mlperf-tiny", "--window", "1s"));
        Assert.Contains("--window does not go with --rules mlperf-tiny", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_WithAModelTwice_IsRefused()
    {
        using var work = new WorkFolder();
        var copy = work.Write("copy.onnx", await File.ReadAllBytesAsync(Sample.Model, TestContext.Current.CancellationToken));
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("bench", Sample.Model, copy, "--out", work["out"]));
        Assert.Contains("are the same model", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_WithoutTheFile_IsRefused()
    {
        using var work = new WorkFolder();
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("bench", work["none.onnx"], "--out", work["out"]));
        Assert.Contains("EP1002", tool.Error, StringComparison.Ordinal);
    }
}
