using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class SensitivityScanTests
{
    private static readonly SensitivityOptions Options = new() { Rates = [0.25, 0.5, 0.75], Samples = 24, Compression = new CompressionOptions { CalibrationSamples = 48 } };

    [Fact]
    public async Task Measure_AModel_GivesAMonotoneCurveForEveryGroup()
    {
        var pipeline = Pipeline(out _);

        var curves = await Measure(pipeline, null);

        Assert.Equal(pipeline.Analysis.Groups.Select(g => g.Name), curves.Groups.Select(g => g.Group));
        Assert.Equal(24, curves.Samples);
        Assert.Equal("agreement with the original, percent", curves.Metric);
        Assert.All(curves.Groups, g =>
        {
            Assert.All(g.Points, p => Assert.True(p.Error > 0 && p.Removed > 0));
            Assert.All(g.Points.Zip(g.Points.Skip(1)), p => Assert.True(p.First.FittedError <= p.Second.FittedError && p.First.FittedScore >= p.Second.FittedScore));
        });
    }

    [Fact]
    public async Task Measure_WithLabels_ScoresByThem()
    {
        var model = TestModels.ResidualBlocks();
        var curves = await Measure(new CompressionPipeline(model, new RandomSamples(48, 3, 8, 8) { Labels = [.. Enumerable.Repeat(0, 48)] }), null);

        Assert.Equal("top-1 accuracy, percent", curves.Metric);
        Assert.InRange(curves.OriginalScore, 0, 100);
    }

    [Fact]
    public async Task Measure_AnErrorOfOnePoint_IsThatOfTheModelPrunedThere()
    {
        var pipeline = Pipeline(out var samples);
        var options = Options with { Compression = Options.Compression with { Repair = false, Criterion = "l2" } };
        var curves = await pipeline.MeasureSensitivityAsync(options, null, null, TestContext.Current.CancellationToken);

        var limits = pipeline.Analysis.Groups.Skip(1).Select(g => new GroupLimit(g.Name, 0)).ToList();
        var pruned = await pipeline.RunAsync(options.Compression with { Rate = 0.5, Scope = PruningScope.PerLayer, Limits = limits }, null, TestContext.Current.CancellationToken);
        var scored = SampleSubset.Range(SampleSubset.Random(samples, 48, 1), 0, 24);

        Assert.Equal(OutputError.Measure(pipeline.Analysis.Model, pruned.Model, scored), curves.Groups[0].Points[1].Error, 6);
    }

    [Fact]
    public async Task Measure_Stopped_GoesOnWhereItStopped()
    {
        using var folder = new TemporaryFolder();
        var cache = new SensitivityCache(folder.FullName);
        using var stop = new CancellationTokenSource();
        var first = new Steps(count =>
        {
            // The original, three points of the first group, one of the second.
            if (count == 5)
            {
                stop.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pipeline(out _).MeasureSensitivityAsync(Options, cache, first, stop.Token));

        var second = new Steps(_ => { });
        var resumed = await Pipeline(out _).MeasureSensitivityAsync(Options, cache, second, TestContext.Current.CancellationToken);
        var whole = await Measure(Pipeline(out _), null);

        Assert.DoesNotContain(second.Lines, l => l.StartsWith(whole.Groups[0].Group + ",", StringComparison.Ordinal));
        Assert.Contains(second.Lines, l => l.StartsWith(whole.Groups[1].Group + ",", StringComparison.Ordinal));
        Assert.Equal(SensitivityHtml.Render(whole), SensitivityHtml.Render(resumed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"format\": 1}")]
    [InlineData("{\"groups\": [null]}")]
    [InlineData("\u0000\u0001")]
    public async Task Measure_WithADamagedCache_MeasuresAgain(string damage)
    {
        using var folder = new TemporaryFolder();
        var cache = new SensitivityCache(folder.FullName);
        var whole = await Measure(Pipeline(out _), cache);
        var file = Assert.Single(Directory.EnumerateFiles(folder.FullName));
        await File.WriteAllTextAsync(file, damage, TestContext.Current.CancellationToken);

        var again = await Measure(Pipeline(out _), cache);

        Assert.Equal(SensitivityHtml.Render(whole), SensitivityHtml.Render(again));
    }

    [Fact]
    public async Task Measure_WithOtherOptionsOrData_TakesNothingFromTheCache()
    {
        using var folder = new TemporaryFolder();
        var cache = new SensitivityCache(folder.FullName);
        await Measure(Pipeline(out _), cache);
        await Pipeline(out _).MeasureSensitivityAsync(Options with { Samples = 16 }, cache, null, TestContext.Current.CancellationToken);
        await Pipeline(out _).MeasureSensitivityAsync(Options with { Compression = Options.Compression with { Repair = false } }, cache, null, TestContext.Current.CancellationToken);
        await Pipeline(out _).MeasureSensitivityAsync(Options with { Compression = Options.Compression with { Criterion = "l2" } }, cache, null, TestContext.Current.CancellationToken);

        Assert.Equal(4, Directory.EnumerateFiles(folder.FullName).Count());
    }

    [Fact]
    public async Task Plan_BySensitivity_SparesTheGroupThatHurts()
    {
        var pipeline = Pipeline(out _);
        var curves = await Measure(pipeline, null);
        var worst = curves.Groups[0].Group;
        var steep = curves with
        {
            Groups = [.. curves.Groups.Select(g => new GroupSensitivity(g.Group, g.Channels, [.. g.Points.Select(p => p with { FittedError = g.Group == worst ? 100 * p.Rate : p.Rate })]))],
        };

        var plan = pipeline.Plan(new CompressionOptions { Rate = 0.4, RateOf = RateUnit.Macs, Allocation = RateAllocation.Sensitivity, Sensitivity = steep });

        Assert.Empty(plan.Groups[0].Remove);
        Assert.Equal(RateAllocation.Sensitivity, plan.Allocation);
        Assert.InRange(plan.Reached!.Value, 0.4 - 1e-9, 0.5);
    }

    [Fact]
    public async Task Plan_BySensitivityOfAnotherModel_IsRefused()
    {
        var curves = await Measure(Pipeline(out _), null) with { ModelSha256 = new string('0', 64) };

        var error = Assert.Throws<InputException>(() => Pipeline(out _).Plan(new CompressionOptions { Allocation = RateAllocation.Sensitivity, Sensitivity = curves }));

        Assert.Equal(ErrorCode.PlanMismatch, error.Code);
    }

    [Fact]
    public void Plan_BySensitivityWithoutSamples_SaysWhatIsMissing() =>
        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() =>
            new CompressionPipeline(TestModels.ResidualBlocks(), null).Plan(new CompressionOptions { Allocation = RateAllocation.Sensitivity })).Code);

    [Fact]
    public async Task Render_ANameWithMarkup_IsEscaped()
    {
        var curves = await Measure(Pipeline(out _), null);
        var page = SensitivityHtml.Render(curves with { Model = "<script>", Groups = [new GroupSensitivity("a<b", 4, curves.Groups[0].Points), new GroupSensitivity("none", 1, [])] });

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;b", page, StringComparison.Ordinal);
    }

    private static CompressionPipeline Pipeline(out ISampleSource samples)
    {
        var model = TestModels.ResidualBlocks();
        samples = RandomSamples.For(model, 64);
        return new CompressionPipeline(model, samples);
    }

    private static Task<SensitivityCurves> Measure(CompressionPipeline pipeline, SensitivityCache? cache) =>
        pipeline.MeasureSensitivityAsync(Options, cache, null, TestContext.Current.CancellationToken);

    private sealed class Steps(Action<int> report) : IProgress<string>
    {
        public List<string> Lines { get; } = [];

        public void Report(string value)
        {
            Lines.Add(value);
            report(Lines.Count);
        }
    }
}
