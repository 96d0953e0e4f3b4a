using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class OracleTests
{
    // Raise this as the product finds more.
    private const double RequiredShare = 0.95;

    [Fact]
    public void Groups_OfRandomGraphs_HoldWhatTheOracleCallsPrunable()
    {
        var comparison = new OracleComparison();
        foreach (var graph in RandomGraphs.Fixed(40))
        {
            comparison.Add(graph.Model, graph.Description);
        }

        Assert.True(comparison.Prunable > 300, comparison.ToString());
        Assert.True(comparison.Share >= RequiredShare, comparison.ToString());
    }

    [Fact]
    public void Groups_OfAThousandRandomGraphs_HoldWhatTheOracleCallsPrunable()
    {
        Assert.SkipUnless(LongSuite.IsOn, LongSuite.Reason);
        var comparison = new OracleComparison();

        var failures = LongSuite.ForSeeds("compared with the oracle", 1000, seed =>
        {
            var graph = RandomGraphs.AnyFromSeed(seed, 1 + (seed % 12));
            comparison.Add(graph.Model, graph.Description);
            return null;
        });

        Assert.Empty(failures);
        LongSuite.Progress($"{comparison}");
        Assert.True(comparison.Share >= RequiredShare, comparison.ToString());
    }

    [Fact]
    public void Oracle_TwoLayers_CallsTheHiddenChannelsPrunableAndTheOutputsNot()
    {
        GraphBuilder g = new();
        var hidden = g.Conv(g.Input(1, 3, 4, 4), 4);
        g.Output(g.Conv(g.Relu(hidden), 2));

        Assert.Equal(["", "", "", "", "promise", "promise"], Refusals(g.Build()));
    }

    [Fact]
    public void Oracle_Residual_CallsCoupledChannelsOneClass()
    {
        GraphBuilder g = new();
        var x = g.Conv(g.Input(1, 3, 4, 4), 4);
        var y = g.Conv(g.Relu(x), 4);
        g.Output(g.Conv(g.Add(x, y), 2));
        using var oracle = new PrunabilityOracle(g.Build());

        var slices = oracle.ClassOf(new SliceRef(x, 1, 2));

        Assert.Null(slices.Refusal);
        Assert.Contains(new SliceRef(y, 1, 2), slices.Slices);
        Assert.DoesNotContain(slices.Slices, s => s.Value == y && s.Index != 2);
    }

    [Fact]
    public void Oracle_GroupedConvolution_TakesOneChannelOfEveryGroup()
    {
        GraphBuilder g = new();
        var x = g.Conv(g.Input(1, 3, 4, 4), 6);
        g.Output(g.Conv(g.Conv(x, 4, groups: 2), 2));
        using var oracle = new PrunabilityOracle(g.Build());

        var slices = oracle.ClassOf(new SliceRef(x, 1, 1));

        Assert.Null(slices.Refusal);
        Assert.Equal([1, 4], slices.Slices.Where(s => s.Value == x).Select(s => s.Index).Order());
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LRN")]
    [InlineData("LpNormalization")]
    public void Oracle_OperatorOverChannels_IsRefusedByItsName(string type)
    {
        GraphBuilder g = new();
        var x = g.Conv(g.Input(1, 3, 4, 4), 4);
        g.Output(g.Conv(type == "LRN" ? g.Op(type, [x], ("size", 3)) : g.Op(type, [x], ("axis", 1)), 2));

        Assert.Equal([type, type, type, type, "promise", "promise"], Refusals(g.Build()));
    }

    [Fact]
    public void Oracle_ProductOfTwoComputedMatrices_IsRefused()
    {
        GraphBuilder g = new();
        var x = g.Input(1, 3, 5);
        var scores = g.MatMul(g.MatMul(x, 4), g.Transpose(g.MatMul(x, 4), 0, 2, 1));
        g.Output(g.MatMul(g.Softmax(scores, -1), 2));

        Assert.Equal(8, Refusals(g.Build()).Count(r => r == "MatMul"));
    }

    [Fact]
    public void Oracle_ChannelShuffle_TakesTheSamePlaceOfEveryGroup()
    {
        GraphBuilder g = new();
        var x = g.Conv(g.Input(1, 3, 2, 2), 6);
        var shuffled = g.Reshape(g.Transpose(g.Reshape(x, 0, 2, 3, 2, 2), 0, 2, 1, 3, 4), 0, 6, 2, 2);
        g.Output(g.Conv(shuffled, 2));
        using var oracle = new PrunabilityOracle(g.Build());

        Assert.Null(oracle.ClassOf(new SliceRef(x, 1, 0)).Refusal);
    }

    private static List<string> Refusals(Model model)
    {
        using var oracle = new PrunabilityOracle(model);
        return [.. oracle.Channels().Select(c => c.Class.Refusal?.Split(':')[0] ?? "")];
    }
}
