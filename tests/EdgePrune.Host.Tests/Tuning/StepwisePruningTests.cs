using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class StepwisePruningTests
{
    private static readonly CompressionOptions Options = new() { Rate = 0.5, Scope = PruningScope.PerLayer, CalibrationSamples = 64 };

    [Theory]
    [InlineData(PruneSchedule.Linear, 5)]
    [InlineData(PruneSchedule.Cubic, 3)]
    public async Task Run_InSteps_EndsAtTheWidthsOfOneStep(PruneSchedule schedule, int steps)
    {
        var once = await Run(TestModels.ResidualBlocks(), Options);
        var stepwise = await Run(TestModels.ResidualBlocks(), Options with { Steps = steps, Schedule = schedule });

        Assert.Equal(once.Widths, stepwise.Widths);
        Assert.Equal(once.After.Macs, stepwise.After.Macs);
        Assert.InRange(stepwise.Plan.Steps!.Count, 2, steps);
        Assert.Equal(0.5, stepwise.Plan.Rate);
    }

    [Theory]
    [InlineData(PruningScope.Global, RateUnit.Macs)]
    [InlineData(PruningScope.Isomorphic, RateUnit.Parameters)]
    [InlineData(PruningScope.PerLayer, RateUnit.Bytes)]
    public async Task Run_InSteps_ReachesTheRateOfTheOriginal(PruningScope scope, RateUnit unit)
    {
        var result = await Run(TestModels.ResidualBlocks(), Options with { Scope = scope, RateOf = unit, Steps = 4, Rate = 0.4 });

        Assert.InRange(result.Plan.Reached!.Value, 0.4 - 1e-9, 0.55);
        Assert.Equal(result.After.Macs, result.Plan.After!.Macs);
        Assert.Equal(result.Before.Macs, result.Plan.Before!.Macs);
    }

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.ConcatInception))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.ChannelShuffle))]
    [InlineData(nameof(TestModels.Mlp))]
    public async Task Plan_OfAllSteps_AppliedToTheOriginalAtOnce_IsTheSameModel(string name)
    {
        var pipeline = new CompressionPipeline(TestModels.Make(name), null);
        var result = await pipeline.RunAsync(Options with { Steps = 3, Repair = false }, null, TestContext.Current.CancellationToken);

        var (atOnce, _) = ChannelPruner.Apply(pipeline.Analysis, result.Plan with { Steps = null });

        // Nothing was repaired, so the weights are the same too, whatever a grouped kernel's are called by then.
        Assert.Equal(Weights(atOnce), Weights(result.Model));
        Assert.Equal(atOnce.Graph.Nodes.Select(n => n.OperatorType), result.Model.Graph.Nodes.Select(n => n.OperatorType));
    }

    [Fact]
    public async Task Apply_APlanWithSteps_GivesTheSameBytes()
    {
        var model = TestModels.ResidualBlocks();
        var samples = RandomSamples.For(model, 96);
        var cancellationToken = TestContext.Current.CancellationToken;
        var result = await CompressionPipeline.RunAsync(model, samples, Options with { Steps = 3, Seed = 5 }, null, cancellationToken);

        var plan = PlanFile.Parse(PlanFile.Print(result.Plan));
        var replayed = new CompressionPipeline(TestModels.ResidualBlocks(), samples).Apply(plan, Options with { Seed = 5 }, null, cancellationToken);

        Assert.NotNull(result.Recovery);
        Assert.Equal(result.Bytes.ToArray(), replayed.Bytes.ToArray());
        Assert.Equal(PlanFile.Print(result.Plan), PlanFile.Print(replayed.Plan));
    }

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    public async Task Run_InSteps_IsNeverWorseOnHeldOutSamplesThanRepairAtOnce(string name)
    {
        var pipeline = new CompressionPipeline(TestModels.Make(name), RandomSamples.For(TestModels.Make(name), 96));
        var result = await pipeline.RunAsync(Options with { Steps = 3 }, null, TestContext.Current.CancellationToken);

        var atOnce = pipeline.Apply(result.Plan with { Steps = null }, Options, null, TestContext.Current.CancellationToken);

        Assert.True(result.Recovery!.ErrorAfter <= atOnce.Recovery!.ErrorAfter, $"{result.Recovery.ErrorAfter}, at once {atOnce.Recovery.ErrorAfter}");
        Assert.Equal(atOnce.Recovery.ErrorBefore, result.Recovery.ErrorBefore);
    }

    [Fact]
    public async Task Apply_StepsThatAreNotTheWhole_IsRefused()
    {
        var pipeline = new CompressionPipeline(TestModels.ResidualBlocks(), null);
        var plan = (await pipeline.RunAsync(Options with { Steps = 3, Repair = false }, null, TestContext.Current.CancellationToken)).Plan;

        var error = Assert.Throws<InputException>(() => pipeline.Apply(plan with { Steps = [.. plan.Steps!.Take(2)] }, Options, null, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.PlanMismatch, error.Code);
    }

    [Fact]
    public async Task Parse_APlanWhoseStepsHaveSteps_IsRefused()
    {
        var plan = (await Run(TestModels.Mlp(), Options with { Steps = 2 })).Plan;

        Assert.Equal(ErrorCode.PlanMismatch, Assert.Throws<InputException>(() => PlanFile.Parse(PlanFile.Print(plan with { Steps = [plan] }))).Code);
        Assert.Equal(ErrorCode.PlanMismatch, Assert.Throws<InputException>(() => PlanFile.Parse(PlanFile.Print(plan with { Steps = [] }))).Code);
    }

    [Fact]
    public void Rates_OfASchedule_GrowToTheWholeRate()
    {
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5], PruneSchedule.Linear.Rates(0.5, 5).Select(r => Math.Round(r, 12)));
        Assert.Equal([0.4375, 0.5], PruneSchedule.Cubic.Rates(0.5, 2));
        Assert.Equal(0.5, PruneSchedule.Cubic.Rates(0.5, 7).Last());
    }

    private static Task<CompressionResult> Run(Model model, CompressionOptions options) =>
        CompressionPipeline.RunAsync(model, null, options, null, TestContext.Current.CancellationToken);

    private static List<string> Weights(Model model) =>
        [.. model.Graph.Nodes.SelectMany(n => n.Inputs).Where(v => v?.Constant is not null).Select(v => $"{string.Join('x', v!.Constant!.Dims.ToArray())} {Convert.ToHexString(v.Constant.Bytes.Span)}")];
}
