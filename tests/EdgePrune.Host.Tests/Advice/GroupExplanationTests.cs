using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class GroupExplanationTests
{
    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.ConcatInception))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.SqueezeExcite))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.Attention))]
    [InlineData(nameof(TestModels.RmsNorm))]
    [InlineData(nameof(TestModels.UnknownOperator))]
    public void Explanation_OfAFixture_IsTheApprovedText(string name) => ApprovedText.Require(name, Text(ModelAnalysis.Of(TestModels.Make(name))));

    [Fact]
    public void Explanation_OfTheSample_IsTheApprovedText() => ApprovedText.Require("mnist", Text(ModelAnalysis.Of(OnnxFile.Read(Mnist.Model))));

    [Fact]
    public void Explanation_OfHeadDimensions_NamesTheProductOfQueriesAndKeys()
    {
        var analysis = ModelAnalysis.Of(TestModels.Attention(), new GroupingOptions { Attention = AttentionRule.HeadDimensions });

        var queries = GroupExplanation.Of(analysis, analysis.Groups[0]);

        Assert.Contains("MatMul 'matmul3' multiplies 'transpose1' and 'transpose2' and sums over this axis, so the same indices go from both.", queries.Couplings);
        Assert.Contains(queries.Tensors, t => t.ToString() == "'weight1': 2 columns for each channel, 4 apart (0..7)");
    }

    [Fact]
    public void Explanation_ThroughAShuffle_ShowsTheOrderOfTheGather()
    {
        var analysis = ModelAnalysis.Of(TestModels.ChannelShuffle());

        Assert.Contains(GroupExplanation.Of(analysis, analysis.Groups[0]).Tensors, t => t.Part.StartsWith("one row for each channel, in the order 0, 3, 6, 9, ", StringComparison.Ordinal));
    }

    [Fact]
    public void Explanation_OfASharedWeight_NamesBothUsers()
    {
        var analysis = ModelAnalysis.Of(TestModels.SharedWeights());

        Assert.Contains("The constant 'weight1' is shared by Conv 'conv1' and Conv 'conv2', which therefore lose the same channels.", GroupExplanation.Of(analysis, analysis.Groups[0]).Couplings);
    }

    [Fact]
    public void Lines_InShort_CutLongLists()
    {
        var analysis = ModelAnalysis.Of(TestModels.Attention());
        var group = GroupExplanation.Of(analysis, analysis.Groups[0]);

        Assert.Contains(GroupExplanationText.Lines(group, isFull: false), l => l.EndsWith(" and 9 more", StringComparison.Ordinal));
        Assert.DoesNotContain(GroupExplanationText.Lines(group, isFull: true), l => l.Contains(" more", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.Attention))]
    [InlineData(nameof(TestModels.Mlp))]
    public void Worth_OfOneChannel_IsWhatItsRemovalSaves(string name)
    {
        var analysis = ModelAnalysis.Of(TestModels.Make(name));
        foreach (var group in analysis.Groups.Where(g => g.Channels.Count > 1))
        {
            var worth = ChannelWorth.Of(analysis, group);
            var (pruned, _) = ChannelPruner.Apply(analysis, RemoveFirst(analysis, group));
            var after = ModelAnalysis.Of(pruned);

            Assert.Equal(analysis.Cost.Parameters - after.Cost.Parameters, worth.Parameters, 1e-6);
            Assert.Equal(analysis.Cost.Macs - after.Cost.Macs, worth.Macs, 1e-6);
        }
    }

    [Fact]
    public void Pins_OfAnUnknownOperator_SayWhatTheAuthorCanDo()
    {
        var pins = PinExplanation.Of(ModelAnalysis.Of(TestModels.UnknownOperator()));

        var unknown = Assert.Single(pins, p => p.Kind == PinKind.UnknownOperator);
        Assert.Contains("operators of the standard domain", unknown.Remedy, StringComparison.Ordinal);
        Assert.Equal("Conv 'conv2' (6)", Assert.Single(Assert.Single(unknown.Reasons).Operators).ToString());
    }

    [Fact]
    public void Pins_OfKeptNorms_NameTheOptionThatFreesThem()
    {
        var pins = PinExplanation.Of(ModelAnalysis.Of(TestModels.RmsNorm(), new GroupingOptions { Reductions = ReductionRule.Keep }));

        Assert.Contains(pins, p => p.Kind == PinKind.MixesAxis && p.Remedy.Contains("--norms adapt", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Remedy_OfEveryKind_IsASentence(PinKind kind) => Assert.EndsWith(".", PinRemedies.For(kind, []), StringComparison.Ordinal);

    public static TheoryData<PinKind> Kinds => [.. Enum.GetValues<PinKind>()];

    private static string Text(ModelAnalysis analysis) => string.Join('\n',
    [
        .. analysis.Groups.SelectMany(g => GroupExplanationText.Lines(GroupExplanation.Of(analysis, g), isFull: true)),
        .. PinExplanation.Of(analysis).SelectMany(p => p.Reasons.Select(r => $"pinned {p.Channels}: {p.Remedy} {r.Text} {string.Join(", ", r.Operators)}")),
        "",
    ]);

    private static PrunePlan RemoveFirst(ModelAnalysis analysis, PruningGroup group) => new()
    {
        Model = analysis.Model.Name,
        ModelSha256 = analysis.Sha256,
        Criterion = "l2",
        Rate = 0.1,
        Scope = PruningScope.PerLayer,
        Seed = 1,
        Groups = [.. analysis.Groups.Select(g => new GroupPlan(g.Name, g.Channels.Count, 1, g == group ? [0] : []))],
    };
}
