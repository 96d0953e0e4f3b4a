using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class ChildProcessProfilerTests
{
    private static Task<ProfileReport> Profile(string model, params string[] arguments) =>
        new ChildProcessProfiler(Repository.Fixture(arguments)).ProfileAsync(model, Repository.Quick, TestContext.Current.CancellationToken);

    private static async Task<DeviceException> Fail(params string[] arguments)
    {
        var error = await Assert.ThrowsAsync<DeviceException>(() => Profile(Repository.SampleModel, arguments));
        Assert.Equal(ErrorCode.MeasurementFailed, error.Code);
        return error;
    }

    [Fact]
    public async Task ProfileAsync_OfTheSampleModel_MeasuresEverything()
    {
        var report = await Profile(Repository.SampleModel);
        Assert.Equal(new FileInfo(Repository.SampleModel).Length, report.FileSize.Bytes);
        Assert.Equal(Repository.Quick, report.Settings);
        Assert.Equal(5, report.Windows.Count);
        Assert.Equal(report.Windows.Sum(w => w.Count), report.Latency.Count);
        Assert.True(report.Latency.Count >= 300);
        Assert.True(report.Latency.Min > TimeSpan.Zero && report.Latency.Min <= report.Latency.P50.Estimate);
        Assert.NotNull(report.Latency.P99);
        Assert.Equal(0, report.ManagedBytesPerRun);
        Assert.True(report.Memory.PeakResident > report.Memory.Baseline);
        Assert.True(report.Cold.FirstRun > TimeSpan.Zero && report.Cold.SessionCreation > TimeSpan.Zero);
        Assert.NotEmpty(report.Operators);
        Assert.Equal("1.31.1", report.Conditions.OnnxRuntimeVersion);
        Assert.Matches("^[0-9a-f]{64}$", report.Conditions.Fingerprint);
        Assert.Matches("^[0-9a-f]{64}$", report.ModelSha256);
    }

    [Fact]
    public async Task ProfileAsync_WithTimesOfOperators_LeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        var fixture = Repository.Fixture();
        // A folder for temporary files of its own: others of this machine measure at the same time.
        var profiler = new ChildProcessProfiler(new MeasuringProgram("env", [$"TMPDIR={folder.Path}", fixture.Executable, .. fixture.Arguments]));
        var report = await profiler.ProfileAsync(Repository.SampleModel, Repository.Quick with { PerOperator = true }, TestContext.Current.CancellationToken);
        Assert.NotEmpty(report.Operators);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path, "edgeprune-*"));
    }

    [Fact]
    public async Task ProfileAsync_OfADamagedModel_BringsTheWorkersErrorBack()
    {
        using var folder = new TemporaryFolder();
        folder.Write("broken.onnx", "no model");
        var error = await Assert.ThrowsAsync<ModelException>(() => Profile(Path.Combine(folder.Path, "broken.onnx")));
        Assert.Equal(ErrorCode.NotOnnx, error.Code);
        Assert.StartsWith("EP2001: ONNX Runtime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfileAsync_OfAMissingModel_StartsNothing() =>
        Assert.Equal(ErrorCode.FileNotFound, (await Assert.ThrowsAsync<InputException>(() => Profile("/nowhere.onnx"))).Code);

    [Fact]
    public async Task ProfileAsync_WithFaultySettings_NamesTheFault()
    {
        var profiler = new ChildProcessProfiler(Repository.Fixture());
        var error = await Assert.ThrowsAsync<InputException>(
            () => profiler.ProfileAsync(Repository.SampleModel, Repository.Quick with { Threads = 0 }, CancellationToken.None));
        Assert.Contains("threads is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfileAsync_WhenTheProcessDies_TellsExitCodeAndLastWords()
    {
        var error = await Fail("crash");
        Assert.Contains("134", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("the last words", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 5000);
    }

    [Theory]
    [InlineData("garbage", "Segmentation fault")]
    [InlineData("empty", "neither a report nor an error")]
    [InlineData("flood", "answered more than")]
    public async Task ProfileAsync_WhenTheProcessAnswersNonsense_SaysWhat(string fault, string expected) =>
        Assert.Contains(expected, (await Fail(fault)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ProfileAsync_WhenTheProcessHangs_StopsItAtTheTimeout()
    {
        var profiler = new ChildProcessProfiler(Repository.Fixture("hang")) { Timeout = TimeSpan.FromMilliseconds(300) };
        var error = await Assert.ThrowsAsync<DeviceException>(() => profiler.ProfileAsync(Repository.SampleModel, Repository.Quick, CancellationToken.None));
        Assert.Contains("did not finish within 300 ms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfileAsync_WhenCancelled_StopsTheProcess()
    {
        using var stop = new CancellationTokenSource();
        var running = new ChildProcessProfiler(Repository.Fixture("hang")).ProfileAsync(Repository.SampleModel, Repository.Quick, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task ProfileAsync_OfAProgramThatDoesNotExist_SaysSo()
    {
        var profiler = new ChildProcessProfiler(new MeasuringProgram("/nowhere/program", []));
        var error = await Assert.ThrowsAsync<DeviceException>(() => profiler.ProfileAsync(Repository.SampleModel, Repository.Quick, CancellationToken.None));
        Assert.Contains("cannot be started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProfileAsync_GivesTheProcessAnEnvironmentWithoutTelemetry() =>
        Assert.Contains("inherited=1", (await Fail("echo-telemetry")).Message, StringComparison.Ordinal);

    [Fact]
    public void DefaultTimeout_LeavesTimeForTheSlowestModel() =>
        Assert.Equal(TimeSpan.FromMinutes(20) + TimeSpan.FromSeconds(20), ChildProcessProfiler.DefaultTimeout(new ProfileSettings()));

    [Fact]
    public async Task CompareAsync_OfAModelWithItself_IsNearOneAndHoldsBothHashes()
    {
        var comparer = new ChildProcessProfiler(Repository.Fixture());
        var report = await comparer.CompareAsync(Repository.SampleModel, Repository.SampleModel, Repository.Quick, TestContext.Current.CancellationToken);
        Assert.Equal(report.ModelSha256, report.ReferenceSha256);
        Assert.True(report.Rounds >= PairedRatio.FewestRounds);
        // The machine may be busy: what must hold is that the two halves of one measurement do not differ wildly.
        Assert.InRange(report.Ratio.Estimate, 0.5, 2);
        Assert.Equal(64, report.Conditions.Fingerprint.Length);
    }

    [Fact]
    public async Task CompareAsync_WithoutTheReference_NamesIt()
    {
        var comparer = new ChildProcessProfiler(Repository.Fixture());
        var error = await Assert.ThrowsAsync<InputException>(() => comparer.CompareAsync(Repository.SampleModel, "absent.onnx", Repository.Quick, TestContext.Current.CancellationToken));
        Assert.Contains("absent.onnx", error.Message, StringComparison.Ordinal);
    }
}
