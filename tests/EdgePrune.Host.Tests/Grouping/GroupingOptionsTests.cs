using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class GroupingOptionsTests
{
    [Fact]
    public void Attention_ByHeads_RemovesWholeHeads()
    {
        var analysis = ModelAnalysis.Of(TestModels.Attention());

        var heads = analysis.Groups.Single(g => g.Producers.Count == 3);
        var pruned = Prune(analysis);

        Assert.Equal(2, heads.Channels.Count);
        Assert.Contains(pruned.Graph.Initializers, v => v.Constant!.Dims.SequenceEqual<long>([8, 4]));
    }

    [Fact]
    public void Attention_ByHeadDimensions_RemovesTheSameOfEveryHead()
    {
        var analysis = ModelAnalysis.Of(TestModels.Attention(), new GroupingOptions { Attention = AttentionRule.HeadDimensions });

        Prune(analysis);

        Assert.Contains(analysis.Groups, g => g.Channels.Count == 4 && g.Producers.Count == 2 && g.Reductions.Any(r => r.Kind == ReductionKind.Product));
        Assert.Contains(analysis.Groups, g => g.Channels.Count == 4 && g.Producers.Count == 1 && g.Channels[0].Slices.Any(s => s.Count == 2));
    }

    [Theory]
    [InlineData(ReductionRule.Adapt, true)]
    [InlineData(ReductionRule.Keep, false)]
    public void Reductions_ByRule_ArePrunedThroughOrPinned(ReductionRule rule, bool pruned)
    {
        var analysis = ModelAnalysis.Of(TestModels.RmsNorm(), new GroupingOptions { Reductions = rule });

        Assert.Equal(pruned, analysis.Groups.Any(g => g.Reductions.Any(r => r.Kind == ReductionKind.Normalization)));
        Assert.Equal(!pruned, analysis.Pins.Any(p => p.Reason.Text.Contains("normalizes over this axis", StringComparison.Ordinal)));
        Prune(analysis);
    }

    [Fact]
    public void Grouped_Whole_RemovesInputsAndOutputsOfAGroupTogether()
    {
        var analysis = ModelAnalysis.Of(Grouped(groups: 4), new GroupingOptions { Grouped = GroupedRule.Whole });

        var group = Assert.Single(analysis.Groups, g => g.Carriers.Count == 1);
        var pruned = Prune(analysis);

        Assert.Equal(4, group.Channels.Count);
        Assert.All(group.Channels, c => Assert.Contains(c.Slices, s => s.Count == 3));
        var convolution = Assert.Single(pruned.Graph.Nodes, n => n.Int("group", 1) > 1);
        Assert.Equal((2, 6, 2), (convolution.Int("group", 1), convolution.Input(1)!.Constant!.Dims[0], convolution.Input(1)!.Constant!.Dims[1]));
    }

    [Fact]
    public void Grouped_ByChannels_KeepsTheNumberOfGroups()
    {
        var pruned = Prune(ModelAnalysis.Of(Grouped(groups: 4)));

        Assert.Contains(pruned.Graph.Nodes, n => n.Int("group", 1) == 4);
    }

    [Fact]
    public void Grouped_WholeOfOneLeft_IsAPlainConvolution()
    {
        var pruned = Prune(ModelAnalysis.Of(Grouped(groups: 2), new GroupingOptions { Grouped = GroupedRule.Whole }));

        Assert.DoesNotContain(pruned.Graph.Nodes, n => n.Int("group", 1) > 1);
    }

    [Fact]
    public void Grouped_Whole_CanBePrunedAgain()
    {
        var analysis = ModelAnalysis.Of(Grouped(groups: 8), new GroupingOptions { Grouped = GroupedRule.Whole });

        var again = ModelAnalysis.Of(Prune(analysis), analysis.Options);

        Assert.Equal(2, Assert.Single(Prune(again).Graph.Nodes, n => n.Int("group", 1) > 1).Int("group", 1));
    }

    [Fact]
    public void RandomGraphs_WithWholeGroups_EqualTheMaskedOriginal()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            Prune(ModelAnalysis.Of(RandomGraphs.FromSeed(seed).Model, new GroupingOptions { Grouped = GroupedRule.Whole }));
        }
    }

    [Fact]
    public void Normalization_PrunedToTheMinimum_KeepsTwoChannels()
    {
        GraphBuilder g = new();
        g.Output(g.MatMul(g.LayerNorm(g.MatMul(g.Input(1, 4, 6), 8)), 3));
        var analysis = ModelAnalysis.Of(g.Build());

        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("l2"), 1).Plan(new PlanOptions(0.95, PruningScope.PerLayer, 0.99, null, Precision.Float32, 1));

        Assert.Equal(6, Assert.Single(plan.Groups).Remove.Count);
        Assert.InRange(ChannelPruner.Apply(analysis, plan).Proof.MaxRelativeError, 0, 1e-5);
    }

    [Fact]
    public void MaxPool_WithPositionsNobodyReads_PrunesItsChannels()
    {
        GraphBuilder g = new();
        var pooled = g.Ops("MaxPool", 2, [g.Conv(g.Input(1, 3, 8, 8), 6)], ("kernel_shape", new long[] { 2, 2 }));
        g.Output(g.Conv(pooled[0], 4));

        Assert.Equal(6, Assert.Single(ModelAnalysis.Of(g.Build()).Groups).Channels.Count);
    }

    [Fact]
    public async Task Plan_ByHeadDimensions_SaysSoAndReplaysByIt()
    {
        var analysis = ModelAnalysis.Of(TestModels.Attention(), new GroupingOptions { Attention = AttentionRule.HeadDimensions });
        var options = new CompressionOptions { Rate = 0.5, Scope = PruningScope.PerLayer };
        var result = await new CompressionPipeline(analysis, null).RunAsync(options, null, TestContext.Current.CancellationToken);

        var read = PlanFile.Parse(PlanFile.Print(result.Plan));
        var replayed = new CompressionPipeline(ModelAnalysis.Of(TestModels.Attention(), read.Grouping), null).Apply(read, options, null, TestContext.Current.CancellationToken);

        Assert.Equal(AttentionRule.HeadDimensions, read.Grouping.Attention);
        Assert.Equal(result.Bytes.ToArray(), replayed.Bytes.ToArray());
        Assert.Contains(result.Adapted, a => a.Contains("sums over the kept channels", StringComparison.Ordinal));
    }

    [Fact]
    public void ConsumedModel_IsPartOfItsAnalysis_AndGivesTheSameGroups()
    {
        var model = TestModels.ResidualBlocks();

        var analysis = ModelAnalysis.Consume(model, new GroupingOptions());

        Assert.Same(model, analysis.Model);
        Assert.Equal(ModelAnalysis.Of(TestModels.ResidualBlocks()).Sha256, analysis.Sha256);
    }

    private static Model Grouped(int groups)
    {
        GraphBuilder g = new();
        g.Output(g.Conv(g.Relu(g.Conv(g.Relu(g.Conv(g.Input(1, 3, 6, 6), 2 * groups)), 3 * groups, groups: groups)), 5));
        return g.Build();
    }

    private static Model Prune(ModelAnalysis analysis) =>
        ChannelPruner.Apply(analysis, new PrunePlanner(analysis, CriterionRegistry.Find("l2"), 1).Plan(new PlanOptions(0.5, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1))).Model;
}
