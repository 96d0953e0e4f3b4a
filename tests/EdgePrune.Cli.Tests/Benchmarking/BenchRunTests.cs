using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

public sealed class BenchRunTests
{
    [Fact]
    public async Task Run_ASecondTime_MeasuresNothing()
    {
        using var setup = new BenchSetup();
        var (first, second) = (new CountingProfiler(), new CountingProfiler());

        var before = await setup.RunAsync(first);
        var after = await setup.RunAsync(second);

        Assert.Equal(4, first.Measured.Count);
        Assert.Empty(second.Measured);
        Assert.Equal(BenchCsv.Print(before), BenchCsv.Print(after));
        Assert.Equal(BenchHtml.Render(before), BenchHtml.Render(after));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_AfterItWasStopped_MeasuresOnlyWhatIsMissing(int done)
    {
        using var setup = new BenchSetup();
        using var stop = new CancellationTokenSource();
        var (first, second) = (new CountingProfiler { Cut = (done, stop) }, new CountingProfiler());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setup.RunAsync(first, stop: stop.Token));
        var report = await setup.RunAsync(second);

        Assert.Equal(done, first.Measured.Count);
        Assert.Equal(4 - done, second.Measured.Count);
        Assert.All(report.Rows, r => Assert.NotNull(r.Report));
    }

    [Fact]
    public async Task Run_WithAnotherFingerprint_MeasuresAgain()
    {
        using var setup = new BenchSetup();
        await setup.RunAsync(new CountingProfiler());
        var other = new CountingProfiler();

        await setup.RunAsync(other, fingerprint: "g");

        Assert.Equal(4, other.Measured.Count);
        Assert.Equal(8, setup.Cells.Length);
    }

    [Fact]
    public async Task Run_OfTwoModels_HasEachOnceInEveryRound()
    {
        using var setup = new BenchSetup();
        var profiler = new CountingProfiler();

        await setup.RunAsync(profiler);

        Assert.All(profiler.Measured.Chunk(2), round => Assert.Equal(["big.onnx", "small.onnx"], round.Order(StringComparer.Ordinal)));
        Assert.Equal(setup.Plan(profiler).InRounds(), setup.Plan(profiler).InRounds().ToArray().AsEnumerable(), (a, b) => a.Model == b.Model && a.Settings == b.Settings);
        Assert.Contains(Enumerable.Range(1, 20), seed => setup.Plan(profiler, seed: seed).InRounds()[0].Model.Name == "small.onnx");
        Assert.Contains(Enumerable.Range(1, 20), seed => setup.Plan(profiler, seed: seed).InRounds()[0].Model.Name == "big.onnx");
    }

    [Fact]
    public async Task Run_WithAModelThatCannotRun_SaysWhyAndGoesOn()
    {
        using var setup = new BenchSetup();
        var profiler = new CountingProfiler { Refused = "big.onnx" };

        var report = await setup.RunAsync(profiler);

        Assert.Equal(["small.onnx", "small.onnx"], profiler.Measured);
        Assert.Equal((int)ErrorCode.ModelRejected, report.Rows[0].ErrorCode);
        Assert.Equal("not compared: the first model has no figures here", report.Rows[1].NotCompared);
        Assert.Contains("ONNX Runtime refuses the model.", BenchHtml.Render(report), StringComparison.Ordinal);
        Assert.Contains("ONNX Runtime refuses the model.", BenchCsv.Print(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfASmallerModel_TellsTheRatioWithItsInterval()
    {
        using var setup = new BenchSetup();

        var report = await setup.RunAsync(new CountingProfiler());

        Assert.All(report.Rows, r => Assert.Equal(RunValidity.Valid, r.Report!.Verdict.Validity));
        Assert.Null(report.Rows[0].Ratio);
        var ratio = report.Rows[1].Ratio!;
        var latency = (Big: report.Rows[0].Report!.Latency.P50, Small: report.Rows[1].Report!.Latency.P50);
        Assert.Equal(latency.Small.Estimate / latency.Big.Estimate, ratio.Estimate, 9);
        Assert.InRange(ratio.Estimate, 0.2, 0.35);
        Assert.True(ratio.Lower < ratio.Estimate && ratio.Estimate < ratio.Upper);
    }

    [Fact]
    public async Task Run_WithAReferenceOfOtherConditions_DoesNotCompare()
    {
        using var setup = new BenchSetup();
        await setup.RunAsync(new CountingProfiler());
        var cell = setup.Plan(new CountingProfiler()).Cells[0];
        var path = setup.Cells.Single(c => Path.GetFileName(c) == cell.Key("default", "f") + ".json");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var fingerprint = new BenchStore(setup.Folder).Find(cell.Key("default", "f"))!.Conditions.Fingerprint;
        await File.WriteAllTextAsync(path, text.Replace(fingerprint, "another", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var report = await setup.RunAsync(new CountingProfiler());

        Assert.Equal("not compared: the fingerprints differ", report.Rows[1].NotCompared);
        Assert.Null(report.Rows[1].Ratio);
    }

    [Fact]
    public async Task Run_WithFourCells_TellsEachWithTheTimeLeft()
    {
        using var setup = new BenchSetup();
        var told = new Told();

        await setup.RunAsync(new CountingProfiler(), progress: told);

        Assert.Equal(4, told.Lines.Count);
        Assert.StartsWith("cell 1 of 4: ", told.Lines[0], StringComparison.Ordinal);
        // Four times two seconds to start, one to warm up and five windows of one second.
        Assert.EndsWith(", about 32 s left", told.Lines[0], StringComparison.Ordinal);
    }

    private sealed class Told : IProgress<string>
    {
        public List<string> Lines { get; } = [];

        public void Report(string value) => Lines.Add(value);
    }
}
