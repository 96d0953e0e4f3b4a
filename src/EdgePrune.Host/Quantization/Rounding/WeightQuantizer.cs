using System.Runtime.InteropServices;
using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Turns weights and biases into integers: symmetric 8-bit weights with a scale for each output channel, 32-bit biases.</summary>
internal static class WeightQuantizer
{
    /// <summary>The largest integer of a weight; -128 is not used, so that both signs reach as far.</summary>
    public const int Largest = 127;

    /// <summary>The largest bias: half of the 32-bit accumulator, so that the products fit on top of it.</summary>
    public const double LargestBias = 1 << 30;

    /// <summary>The smallest scale each channel may have so that its bias fits into 32 bits.</summary>
    /// <param name="bias">The bias, one value a channel.</param>
    /// <param name="dataScale">Scale of the activation.</param>
    /// <returns>One scale a channel.</returns>
    public static float[] LeastScales(ReadOnlySpan<float> bias, float dataScale)
    {
        var least = new float[bias.Length];
        for (var i = 0; i < bias.Length; i++)
        {
            least[i] = (float)Math.Max(AffineParameters.SmallestScale, Math.Abs(bias[i]) / (dataScale * LargestBias));
        }

        return least;
    }

    /// <summary>Quantizes a weight.</summary>
    /// <param name="weight">The weight; all values finite.</param>
    /// <param name="axis">The axis of output channels.</param>
    /// <param name="factor">What every value is multiplied with first.</param>
    /// <param name="leastScales">The smallest scale of each channel.</param>
    /// <returns>The integers and the scales.</returns>
    public static RoundedWeight PerChannel(Tensor weight, int axis, float factor, ReadOnlySpan<float> leastScales)
    {
        var source = weight.Span<float>();
        var (channels, inner) = ((int)weight.Dims[axis], (int)Tensor.Elements(weight.Dims[(axis + 1)..]));
        var scales = leastScales.ToArray();
        for (var i = 0; i < source.Length; i += inner)
        {
            var channel = i / inner % channels;
            var largest = Math.Abs((double)TensorPrimitives.MaxMagnitude(source.Slice(i, inner)) * factor);
            scales[channel] = Math.Max(scales[channel], (float)(largest / Largest));
        }

        var values = new sbyte[source.Length];
        for (var i = 0; i < source.Length; i++)
        {
            var scaled = (double)source[i] * factor / scales[i / inner % channels];
            values[i] = (sbyte)Math.Clamp(Math.Round(scaled), -Largest, Largest);
        }

        return new RoundedWeight(new Tensor(ElementType.Int8, weight.Dims, MemoryMarshal.AsBytes<sbyte>(values).ToArray()), scales);
    }

    /// <summary>A node's bias, one value a channel, as it stands beside the integers.</summary>
    /// <param name="node">The node; it has a bias.</param>
    /// <param name="slots">Where.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="shift">What is added, or null.</param>
    public static float[] FloatBias(Node node, WeightSlots slots, int channels, float[]? shift)
    {
        var values = node.Input(slots.Bias)!.Constant!.Span<float>();
        var bias = new float[channels];
        for (var i = 0; i < channels; i++)
        {
            bias[i] = (values[values.Length == 1 ? 0 : i] * Factor(node, "beta")) + (shift?[i] ?? 0);
        }

        return bias;
    }

    /// <summary>Gemm's alpha or beta; 1 for other operators.</summary>
    public static float Factor(Node node, string attribute) => node.OperatorType == "Gemm" ? node.Float(attribute, 1) : 1;

    /// <summary>The scales of a bias: what one step of the accumulator is worth.</summary>
    /// <param name="dataScale">Scale of the activation.</param>
    /// <param name="weightScales">Scales of the weight.</param>
    /// <returns>One scale a channel.</returns>
    public static float[] BiasScales(float dataScale, float[] weightScales) => Array.ConvertAll(weightScales, s => s * dataScale);

    /// <summary>Quantizes a bias.</summary>
    /// <param name="bias">The bias, one value a channel.</param>
    /// <param name="scales">Its scales.</param>
    /// <returns>The integers.</returns>
    public static Tensor Bias(ReadOnlySpan<float> bias, ReadOnlySpan<float> scales)
    {
        var values = new int[bias.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = checked((int)Math.Round((double)bias[i] / scales[i]));
        }

        return new Tensor(ElementType.Int32, [values.Length], MemoryMarshal.AsBytes<int>(values).ToArray());
    }
}
