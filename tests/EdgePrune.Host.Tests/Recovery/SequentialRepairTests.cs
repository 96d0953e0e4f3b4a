using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class SequentialRepairTests
{
    public static TheoryData<string> Models => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Recover_OnEveryFixture_IsNeverWorseLayerByLayerNorAsAWhole(string name)
    {
        var (analysis, removed, pruned) = Cut(TestModels.Make(name), 0.4);
        if (analysis.Groups.Count == 0 || analysis.Model.Graph.FedInputs.ToList() is not [{ DeclaredShape: [{ Size: null or 1 }, ..] }])
        {
            Assert.Skip("No groups, or inputs that samples cannot feed one by one.");
        }

        var statistics = TrainingFreeRecovery.Gather(analysis, RandomSamples.For(analysis.Model, 96), TestContext.Current.CancellationToken);
        var (repaired, report) = TrainingFreeRecovery.Recover(analysis, removed, pruned, statistics);

        Assert.True(OutputError.Measure(analysis.Model, repaired, statistics.HeldOut) <= report.ErrorBefore * (1 + 1e-9));
        Assert.All(report.Layers, l => Assert.True(l.ErrorAfter <= l.ErrorBefore, l.ToString()));
        Assert.All(report.Layers, l => Assert.True(l.Step != RepairStep.None || l.ErrorAfter == l.ErrorBefore, l.ToString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Recover_WithFewerSamplesThanChannels_IsNotWorseThanNone(int count)
    {
        var (analysis, removed, pruned) = Cut(TestModels.MnistCnnLike(), 0.5);
        var statistics = TrainingFreeRecovery.Gather(analysis, RandomSamples.For(analysis.Model, count), TestContext.Current.CancellationToken);

        var (repaired, _) = TrainingFreeRecovery.Recover(analysis, removed, pruned, statistics);

        var others = new SampleSubset(RandomSamples.For(analysis.Model, 300), [.. Enumerable.Range(100, 200)]);
        Assert.True(OutputError.Measure(analysis.Model, repaired, others) <= 1.05 * OutputError.Measure(analysis.Model, pruned, others));
    }

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.GroupedConv))]
    public void Recover_LayerByLayer_IsBetterThanCovarianceAlone(string name)
    {
        var (analysis, removed, pruned) = Cut(TestModels.Make(name), 0.4);
        var samples = RandomSamples.For(analysis.Model, 512);
        var statistics = TrainingFreeRecovery.Gather(analysis, samples, TestContext.Current.CancellationToken);
        var folded = pruned.Clone();
        CovarianceRepair.Apply(analysis, removed, folded, statistics.Channels);

        var (repaired, report) = TrainingFreeRecovery.Recover(analysis, removed, pruned, statistics);

        Assert.Contains(report.Layers, l => l.Step == RepairStep.LeastSquares);
        Assert.True(OutputError.Measure(analysis.Model, repaired, samples) < OutputError.Measure(analysis.Model, folded, samples));
    }

    [Fact]
    public void Recover_OfTransposedConvolutions_MatchesTheirMoments()
    {
        GraphBuilder g = new(3);
        g.Output(g.ConvTranspose(g.Relu(g.ConvTranspose(g.Relu(g.Conv(g.BatchInput(2, 6, 6), 12)), 8)), 2));
        var (analysis, removed, pruned) = Cut(g.Build(), 0.6);
        var statistics = TrainingFreeRecovery.Gather(analysis, RandomSamples.For(analysis.Model, 200), TestContext.Current.CancellationToken);

        var (_, report) = TrainingFreeRecovery.Recover(analysis, removed, pruned, statistics);

        Assert.Contains(report.Layers, l => l is { OperatorType: "ConvTranspose", Step: RepairStep.Moments } && l.ErrorAfter < l.ErrorBefore);
    }

    [Fact]
    public void Find_BeforeAnythingChanged_LeavesTheLayersOut()
    {
        var (analysis, removed, _) = Cut(TestModels.MnistCnnLike(), 0.4);

        var layers = RepairLayer.Find(analysis, removed);

        Assert.DoesNotContain(layers, l => l.Node == analysis.Contractions[0].Node);
        Assert.Equal(analysis.Contractions.Count - 1, layers.Count);
    }

    private static (ModelAnalysis Analysis, RemovedChannels Removed, Model Pruned) Cut(Model model, double rate)
    {
        var analysis = ModelAnalysis.Of(model);
        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("random"), 3).Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, 3));
        var removed = new RemovedChannels(analysis, plan);
        return (analysis, removed, ChannelPruner.Remove(analysis, removed));
    }
}
