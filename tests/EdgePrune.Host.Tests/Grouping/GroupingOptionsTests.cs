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

    private static Model Prune(ModelAnalysis analysis) =>
        ChannelPruner.Apply(analysis, new PrunePlanner(analysis, CriterionRegistry.Find("l2"), 1).Plan(new PlanOptions(0.5, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1))).Model;
}
