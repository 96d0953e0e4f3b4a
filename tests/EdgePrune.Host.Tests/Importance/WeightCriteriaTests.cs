using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Criteria that look at weights alone, against numbers worked by hand.</summary>
public sealed class WeightCriteriaTests
{
    [Fact]
    public void Fpgm_IsTheSumOfDistancesToTheOtherFilters()
    {
        // Squared norms 9, 0 and 16, mean 25/3. Distances: 3 to (0, 0), 5 between (3, 0) and (0, 4), 4 to (0, 0).
        var scores = TinyGroups.Score("fpgm", TinyGroups.Filters([3, 0], [0, 0], [0, 4]));

        var scale = Math.Sqrt(3 / 25.0);
        Assert.Equal([8 * scale, 7 * scale, 9 * scale], scores, TinyGroups.Close);
    }

    [Fact]
    public void Fpgm_TellsAFilterFromItsNegative()
    {
        // Equal norms: 1 is far from both -1, which stand together.
        var scores = TinyGroups.Score("fpgm", TinyGroups.Filters([1], [-1], [-1]));

        Assert.Equal([4, 2, 2], scores, TinyGroups.Close);
    }

    [Fact]
    public void Fpgm_OfASpine_JoinsTheFiltersOfAllProducers()
    {
        // (1, 2) over the root of 2.5 and (3, 1) over the root of 5: the pair differs by 1 / 2.5 + 4 / 5 in squares.
        Assert.Equal([Math.Sqrt(1.2), Math.Sqrt(1.2)], TinyGroups.Score("fpgm", TinyGroups.Spine()), TinyGroups.Close);
    }

    [Theory]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.ConcatInception))]
    [InlineData(nameof(TestModels.SplitHalves))]
    [InlineData(nameof(TestModels.ChannelShuffle))]
    public void Fpgm_OfEveryCoupling_IsFiniteAndPositive(string name)
    {
        var analysis = ModelAnalysis.Of(TestModels.Make(name));

        Assert.All(analysis.Groups.Index().Where(g => g.Item.Channels.Count > 1), g => Assert.All(TinyGroups.Score("fpgm", analysis, g.Index), s => Assert.True(double.IsFinite(s) && s > 0)));
    }

    [Fact]
    public void Lamp_IsTheShareOfWhatIsNotWeaker()
    {
        // Squared group norms relative to the mean: producers 1, 4, 4 over 3 and readers 1, 1, 1 over 1, halved: 2/3, 7/6, 7/6.
        var scores = TinyGroups.Score("lamp", TinyGroups.Filters([1], [2], [-2]));

        Assert.Equal([2 / 9.0, 1, 0.5], scores, TinyGroups.Close);
    }

    [Fact]
    public void Bn_IsTheScaleBeforeFolding_WhateverTheVariance()
    {
        // Folding makes the weights 0.5 / 0.5, -1 / 1, 3 / 4 and so on; the scales are 0.5, -1 and 3, their mean magnitude 1.5.
        var scores = TinyGroups.Score("bn", Normalized([0.5f, -1, 3], [0.25f, 1, 16], fold: true));

        Assert.Equal([1 / 3.0, 2 / 3.0, 2], scores, TinyGroups.Close);
    }

    [Fact]
    public void Bn_ThatStaysANode_CountsAsWell() =>
        Assert.Equal([1 / 3.0, 2 / 3.0, 2], TinyGroups.Score("bn", Normalized([0.5f, -1, 3], [0.25f, 1, 16], fold: false)), TinyGroups.Close);

    [Fact]
    public void Bn_OfFullyConnectedLayers_IsTheScale()
    {
        GraphBuilder g = new(1);
        var x = g.Relu(Norm(g, g.MatMul(g.BatchInput(3), 2), [1f, 3], [1f, 1]));
        g.Output(g.Gemm(x, 2));

        Assert.Equal([0.5, 1.5], TinyGroups.Score("bn", g.Build()), TinyGroups.Close);
    }

    [Fact]
    public void Bn_OfASpine_JoinsEveryNormalization()
    {
        GraphBuilder g = new(1);
        var x = TinyGroups.Image(g);
        var left = Norm(g, TinyGroups.Conv(g, x, 2, 1, 1), [1f, 3], [1f, 1]);
        g.Output(TinyGroups.Conv(g, g.Relu(g.Add(left, Norm(g, TinyGroups.Conv(g, x, 2, 1, 1), [4f, 4], [1f, 1]))), 1, 1, 1));

        // 1/2 and 1 make 3/4; 3/2 and 1 make 5/4.
        Assert.Equal([0.75, 1.25], TinyGroups.Score("bn", g.Build()), TinyGroups.Close);
    }

    [Fact]
    public void Bn_WithoutNormalization_IsTheNorm() =>
        Assert.Equal(TinyGroups.Score("l2", TinyGroups.Spine()), TinyGroups.Score("bn", TinyGroups.Spine()));

    // Kept a node by a second reader of the convolution's output.
    private static Model Normalized(float[] gamma, float[] variance, bool fold)
    {
        GraphBuilder g = new(1);
        var x = TinyGroups.Conv(g, TinyGroups.Image(g), 3, 1, 1, 1);
        var y = g.Relu(Norm(g, x, gamma, variance));
        g.Output(TinyGroups.Conv(g, fold ? y : g.Add(y, x), 1, 1, 1, 1));
        return g.Build();
    }

    private static Value Norm(GraphBuilder g, Value x, float[] gamma, float[] variance)
    {
        Value Vector(float[] values) => g.Constant(Tensor.Of([values.Length], values));
        return g.Op("BatchNormalization", [x, Vector(gamma), Vector(new float[gamma.Length]), Vector(new float[gamma.Length]), Vector(variance)], ("epsilon", 0f));
    }
}
