using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class WeightQuantizerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void PerChannel_AnyAxis_UsesTheChannelsOwnLargestValue(int axis)
    {
        long[] dims = [2, 3, 4];
        var values = Enumerable.Range(0, 24).Select(i => MathF.Sin(i) * (1 + i)).ToArray();
        var (integers, scales) = WeightQuantizer.PerChannel(Tensor.Of(dims, values), axis, 1, new float[dims[axis]]);

        Assert.Equal(dims[axis], scales.Length);
        var inner = (int)Tensor.Elements(dims.AsSpan(axis + 1));
        for (var i = 0; i < values.Length; i++)
        {
            var scale = scales[i / inner % dims[axis]];
            Assert.InRange((int)integers.Span<sbyte>()[i], -127, 127);
            Assert.InRange(Math.Abs((integers.Span<sbyte>()[i] * scale) - values[i]), 0, scale * 0.501f);
        }

        for (var channel = 0; channel < scales.Length; channel++)
        {
            var largest = Enumerable.Range(0, 24).Where(i => i / inner % dims[axis] == channel).Max(i => Math.Abs((int)integers.Span<sbyte>()[i]));
            Assert.Equal(127, largest);
        }
    }

    [Theory]
    [InlineData(1e-12f, 5f, 0.01f)]
    [InlineData(0f, -1000f, 0.5f)]
    [InlineData(1e-30f, 1e6f, 1e-18f)]
    [InlineData(0f, 0f, 0.1f)]
    public void Bias_TinyOrZeroWeights_FitsIntoHalfTheAccumulator(float weight, float bias, float dataScale)
    {
        var (integers, scales) = WeightQuantizer.PerChannel(Tensor.Of([1, 2], [weight, -weight]), 0, 1, WeightQuantizer.LeastScales([bias], dataScale));
        var biasScales = WeightQuantizer.BiasScales(dataScale, scales);
        var quantized = WeightQuantizer.Bias([bias], biasScales).Span<int>()[0];

        Assert.True(float.IsNormal(scales[0]) && float.IsNormal(biasScales[0]));
        Assert.InRange(quantized, -(1 << 30) - 128, (1 << 30) + 128);
        Assert.Equal(bias, quantized * biasScales[0], Math.Abs(bias) * 1e-5f);
        Assert.Equal(2, integers.Count);
    }

    [Fact]
    public void PerChannel_NegativeFactor_TurnsTheSigns()
    {
        var (integers, scales) = WeightQuantizer.PerChannel(Tensor.Of([1, 2], [1f, -0.5f]), 0, -2, new float[1]);

        Assert.Equal((sbyte)-127, integers.Span<sbyte>()[0]);
        Assert.Equal(2f / 127, scales[0]);
    }
}
