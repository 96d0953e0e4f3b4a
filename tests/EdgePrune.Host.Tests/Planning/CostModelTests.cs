using CsCheck;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class CostModelTests
{
    private static readonly PerformanceEstimate Board = new()
    {
        Float32GigaMacsPerSecond = 10,
        Int8GigaMacsPerSecond = 20,
        BandwidthMBs = 2000,
        OperatorOverheadMicroseconds = 10,
        Source = "test",
    };

    public static TheoryData<string> Fixtures() => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Footprint_OfEveryFixtureAtSeveralRates_IsThatOfThePrunedModel(string name)
    {
        var analysis = ModelAnalysis.Of(TestModels.Make(name));
        foreach (var rate in new[] { 0, 0.2, 0.5, 0.8 })
        {
            RequireExact(analysis, rate, seed: 3);
        }
    }

    [Fact]
    public void Footprint_OfRandomGraphs_IsThatOfThePrunedModel() =>
        (from graph in RandomGraphs.Gen
         from rate in Gen.Double[0.1, 0.9]
         from seed in Gen.Int[0, 99]
         select (graph, rate, seed))
        .Sample(c => RequireExact(ModelAnalysis.Of(c.graph.Model), c.rate, c.seed), iter: 150, threads: 1);

    [Fact]
    public void Saving_OfAStep_IsTheDifferenceThatRemovingItMakes()
    {
        var cost = new CostModel(ModelAnalysis.Of(TestModels.ResidualBlocks()));
        var ledger = new CostLedger(cost, cost.Items(RateUnit.Macs));
        for (var group = 0; group < cost.Analysis.Groups.Count; group++)
        {
            var before = ledger.Total;
            var saving = ledger.Saving(group, [0, 2]);
            Assert.Equal(before, ledger.Total);
            ledger.Remove(group, [0, 2]);
            Assert.Equal(saving, before - ledger.Total, 6);
            Assert.True(saving > 0);
        }
    }

    [Fact]
    public void Saving_OfAGroup_ShrinksOnceItsNeighbourIsNarrow()
    {
        var cost = new CostModel(ModelAnalysis.Of(TestModels.MnistCnnLike()));
        var ledger = new CostLedger(cost, cost.Items(RateUnit.Macs));
        var before = ledger.Saving(0, [0]);

        ledger.Remove(1, [0, 1, 2, 3, 4, 5]);

        Assert.True(ledger.Saving(0, [0]) < before);
        Assert.Contains(1, ledger.Neighbours(0));
    }

    [Fact]
    public void Latency_OfAnOperator_IsTheLongerOfComputingAndMovingData()
    {
        var analysis = ModelAnalysis.Of(TestModels.Mlp());
        var slow = new CostModel(analysis, Target(Board with { Float32GigaMacsPerSecond = 1e-3 }));
        var fast = new CostModel(analysis, Target(Board with { Float32GigaMacsPerSecond = 1e9, BandwidthMBs = 1e9 }));

        Assert.InRange(CostLedger.Footprint(slow, []).Latency!.Value.TotalSeconds, analysis.Cost.Macs / 1e6, 2 * analysis.Cost.Macs / 1e6);
        Assert.Equal(10e-6 * analysis.Model.Graph.Nodes.Count, CostLedger.Footprint(fast, []).Latency!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void Latency_WithoutEstimates_IsUnknown() =>
        Assert.Null(CostLedger.Footprint(new CostModel(ModelAnalysis.Of(TestModels.Mlp())), []).Latency);

    private static Target Target(PerformanceEstimate performance) => new() { Name = "t", Title = "T", Architecture = "any", Performance = performance };

    private static void RequireExact(ModelAnalysis analysis, double rate, int seed)
    {
        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("random"), seed).Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, seed));
        var pruned = ChannelPruner.Remove(analysis, new RemovedChannels(analysis, plan));
        var shapes = ShapeProbe.Complete(pruned, ShapeInference.Infer(pruned.Graph));

        Assert.Equal(pruned.ParameterCount, plan.After!.Parameters);
        Assert.Equal(ChannelLinker.Link(pruned.Graph, shapes).Macs, plan.After.Macs);
        Assert.Equal(plan.Groups.Sum(g => g.Channels - g.Remove.Count), plan.After.Channels);

        // Lists of indices, such as those of a Gather, shrink as well and are not predicted.
        var lists = analysis.Model.Graph.Initializers.Where(v => !v.ElementType.IsFloat()).Sum(v => v.Constant!.Bytes.Length);
        Assert.InRange(OnnxFile.Digest(pruned).Length, ((plan.After.FileSize.Bytes - lists) * 0.98) - 256, (plan.After.FileSize.Bytes * 1.02) + 256);
    }
}
