using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class ChannelPairsTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    public void Error_OfAnAffineCopy_IsZeroOnceItIsMatched(int count)
    {
        float[] wanted = [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i))];
        var pairs = new ChannelPairs(1, [0]);
        pairs.Add(Tensor.Of([1, 1, count], Array.ConvertAll(wanted, w => (w - 0.5f) / 1.5f)), Tensor.Of([1, 1, count], wanted));

        Assert.Equal(0, pairs.Error([1.5], [0.5]), 1e-6);
        Assert.True(pairs.Error([1], [0]) > 0.05);
        Assert.InRange(MomentMatch.Fit(pairs).Error(pairs), 0, pairs.Error([1], [0]));
    }
}
