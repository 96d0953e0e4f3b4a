using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class ConstantChannelTests
{
    [Fact]
    public void Find_AScaleOfZero_GivesWhatTheActivationMakesOfBeta()
    {
        // Channel 0: gamma 0, beta 2. Channel 1 lives. Channel 2: gamma 0, beta -3, which the rectifier cuts to 0.
        GraphBuilder g = new(1);
        var x = Norm(g, TinyGroups.Conv(g, TinyGroups.Image(g), 3, 1, 1, 1), [0, 1, 0], [2, 0.5f, -3]);
        g.Output(TinyGroups.Conv(g, g.Relu(x), 1, 1, 1, 1));

        var constants = Assert.Single(Find(g));

        Assert.Equal([(0, 2f), (2, 0f)], constants.Value.OrderBy(c => c.Key).Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void Find_BehindFlatten_GivesEveryPosition()
    {
        GraphBuilder g = new(1);
        g.Output(g.Gemm(g.Flatten(g.Relu(Norm(g, TinyGroups.Conv(g, TinyGroups.Image(g), 2, 1, 1), [1, 0], [0, 4]))), 2));

        Assert.Equal([(2, 4f), (3, 4f)], Assert.Single(Find(g)).Value.OrderBy(c => c.Key).Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void Find_BehindADepthwiseConvolutionWithPadding_GivesNone()
    {
        // Three taps see the constant in the middle and zeros beyond the border.
        GraphBuilder g = new(1);
        var x = Norm(g, TinyGroups.Conv(g, g.BatchInput(1, 4, 4), 2, 1, 1), [1, 0], [0, 4]);
        g.Output(TinyGroups.Conv(g, g.Depthwise(x), 1, 1, 1));

        Assert.Empty(Find(g));
    }

    [Fact]
    public void Find_OnASpine_GivesOnlyWhatNoProducerFeeds()
    {
        GraphBuilder g = new(1);
        var x = TinyGroups.Image(g);
        var silent = Norm(g, TinyGroups.Conv(g, x, 2, 1, 1), [0, 0], [1, 2]);
        g.Output(TinyGroups.Conv(g, g.Add(silent, TinyGroups.Conv(g, x, 2, 0, 1)), 1, 1, 1));

        // Channel 0 adds 1 to a row of zeros; channel 1 adds 2 to the image.
        Assert.Equal([(0, 1f)], Assert.Single(Find(g)).Value.Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void Find_WithoutAScaleOfZero_GivesNone() => Assert.Empty(ConstantChannels.Find(ModelAnalysis.Of(TestModels.ResidualBlocks())));

    private static IReadOnlyDictionary<AxisRef, IReadOnlyDictionary<int, float>> Find(GraphBuilder g) => ConstantChannels.Find(ModelAnalysis.Of(g.Build()));

    private static Value Norm(GraphBuilder g, Value x, float[] gamma, float[] beta)
    {
        Value Vector(params float[] values) => g.Constant(Tensor.Of([values.Length], values));
        float[] ones = [.. gamma.Select(_ => 1f)];
        return g.Op("BatchNormalization", [x, Vector(gamma), Vector(beta), Vector(new float[gamma.Length]), Vector(ones)], ("epsilon", 0f));
    }
}
