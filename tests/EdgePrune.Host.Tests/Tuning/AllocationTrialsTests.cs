using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class AllocationTrialsTests
{
    private static readonly CompressionOptions Options = new() { Rate = 0.4, RateOf = RateUnit.Macs, Allocation = RateAllocation.Trial, CalibrationSamples = 64 };

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    public async Task Run_OfTrials_TakesOneThatNoOtherIsClearlyBetterThan(string name)
    {
        var result = await Run(Pipeline(TestModels.Make(name)), Options);

        var trials = result.Plan.Trials!;
        var taken = Assert.Single(trials, t => t.IsTaken);
        Assert.InRange(trials.Count, 2, CompressionOptions.MostTrials);
        Assert.All(trials, t => Assert.True(t.Error >= 0.95 * taken.Error, $"{t} is better than {taken}."));
        Assert.All(trials.TakeWhile(t => t != taken), t => Assert.True(taken.Error < 0.95 * t.Error, $"{taken} is no better than {t}, which came first."));
        Assert.All(trials, t => Assert.True(t.Reached >= 0.4 - 1e-9, t.ToString()));
        Assert.Equal(RateAllocation.Trial, result.Plan.Allocation);
        Assert.Equal(taken.Reached, result.Plan.Reached);
        Assert.Equal(result.After.Macs, result.Plan.After!.Macs);
    }

    [Theory]
    [InlineData("scores", RateAllocation.Score, PruningScope.Global)]
    [InlineData("the same rate everywhere", RateAllocation.Score, PruningScope.PerLayer)]
    [InlineData("sensitivity", RateAllocation.Sensitivity, PruningScope.Global)]
    public async Task Run_OfTrials_MeasuresEachAsItIsAlone(string name, RateAllocation allocation, PruningScope scope)
    {
        var trials = (await Run(Pipeline(TestModels.ResidualBlocks()), Options)).Plan.Trials!;

        var alone = await Run(Pipeline(TestModels.ResidualBlocks()), Options with { Allocation = allocation, Scope = scope });

        Assert.True(alone.Recovery!.Kept);
        Assert.Equal(alone.Recovery.ErrorAfter, Assert.Single(trials, t => t.Name == name).Error);
    }

    [Fact]
    public async Task Run_OfTrialsWithoutRepair_StillMeasures()
    {
        var result = await Run(Pipeline(TestModels.ResidualBlocks()), Options with { Repair = false });

        Assert.Null(result.Recovery);
        Assert.All(result.Plan.Trials!, t => Assert.True(t.Error > 0));
    }

    [Fact]
    public async Task Run_WhereALimitKeepsSomeFromTheRate_TakesOneThatReachesIt()
    {
        // Limits of competing groups do not hold for the same rate everywhere, which alone gets as far as this.
        var result = await Run(Pipeline(TestModels.ResidualBlocks()), Options with { Rate = 0.6, MaxGroupRate = 0.2 });

        Assert.Equal(result.Plan.Trials!.Max(t => Math.Min(t.Reached, 0.6)), Math.Min(result.Plan.Reached!.Value, 0.6));
        Assert.Contains(result.Plan.Trials!, t => t.Reached < 0.5);
    }

    [Fact]
    public async Task Apply_ThePlanOfTrials_GivesTheSameBytes()
    {
        var model = TestModels.ResidualBlocks();
        var result = await Run(Pipeline(model), Options);

        var plan = PlanFile.Parse(PlanFile.Print(result.Plan));
        var replayed = Pipeline(model).Apply(plan, Options, null, TestContext.Current.CancellationToken);

        Assert.Equal(result.Plan.Trials, plan.Trials);
        Assert.Equal(result.Bytes.ToArray(), replayed.Bytes.ToArray());
        Assert.Equal(PlanFile.Print(result.Plan), PlanFile.Print(Pipeline(model).Plan(Options)));
    }

    [Fact]
    public void Plan_ByTrialsWithoutSamples_SaysWhatIsMissing() =>
        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() => new CompressionPipeline(TestModels.ResidualBlocks(), null).Plan(Options)).Code);

    [Fact]
    public void Parse_APlanWithATrialThatIsNull_IsRefused()
    {
        var plan = Pipeline(TestModels.ResidualBlocks()).Plan(Options with { Allocation = RateAllocation.Score });

        var error = Assert.Throws<InputException>(() => PlanFile.Parse(PlanFile.Print(plan with { Trials = [null!] })));

        Assert.Equal(ErrorCode.PlanMismatch, error.Code);
    }

    [Fact]
    public void Validate_TrialsWithWhatTheyCannotDo_NamesIt()
    {
        Assert.Empty(Options.Validate());
        Assert.Contains("scope", Assert.Single((Options with { Scope = PruningScope.Isomorphic }).Validate()), StringComparison.Ordinal);
        Assert.Contains("steps", Assert.Single((Options with { Steps = 2 }).Validate()), StringComparison.Ordinal);
        Assert.Contains("trial", Assert.Single(new TuningOptions { Compression = Options }.Validate()), StringComparison.Ordinal);
    }

    private static CompressionPipeline Pipeline(Model model) => new(model, RandomSamples.For(model, 64));

    private static Task<CompressionResult> Run(CompressionPipeline pipeline, CompressionOptions options) =>
        pipeline.RunAsync(options, null, TestContext.Current.CancellationToken);
}
