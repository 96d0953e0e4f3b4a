using System.Runtime.InteropServices;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Symmetric 8-bit weights as ONNX Runtime's quantizer makes them: the largest magnitude is 127, ties go to even integers.</summary>
internal static class RivalWeights
{
    private const int Largest = 127;

    /// <summary>Quantizes a weight with one scale, or one for each channel.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="axis">Axis of the channels, or null for one scale.</param>
    /// <param name="dataScale">Scale of the layer's input.</param>
    /// <param name="biases">The layer's biases, or none: a scale is raised until they fit into 32 bits, as since ONNX Runtime 1.20.</param>
    public static (Tensor Integers, float[] Scales) Quantize(Tensor weight, int? axis, float dataScale, IReadOnlyList<float> biases)
    {
        var values = weight.Span<float>();
        var (channels, inner) = axis is { } a ? ((int)weight.Dims[a], (int)Tensor.Elements(weight.Dims[(a + 1)..])) : (1, values.Length);
        var scales = new float[channels];
        for (var i = 0; i < values.Length; i++)
        {
            scales[i / inner % channels] = Math.Max(scales[i / inner % channels], Math.Abs(values[i]) / Largest);
        }

        for (var c = 0; c < channels; c++)
        {
            var bias = biases.Where((_, i) => channels == 1 || i == c).Select(Math.Abs).DefaultIfEmpty(0).Max();
            scales[c] = Math.Max(scales[c], (float)(bias / ((double)dataScale * int.MaxValue)));
            scales[c] = scales[c] > 0 ? scales[c] : 1;
        }

        var integers = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            integers[i] = (sbyte)Math.Clamp(Math.Round((double)values[i] / scales[i / inner % channels]), -Largest, Largest);
        }

        return (new Tensor(ElementType.Int8, weight.Dims, MemoryMarshal.AsBytes<sbyte>(integers).ToArray()), scales);
    }

    /// <summary>The floats that integers stand for.</summary>
    public static Tensor Dequantize(Tensor integers, float[] scales, int axis)
    {
        var inner = (int)Tensor.Elements(integers.Dims[(axis + 1)..]);
        var values = Array.ConvertAll(integers.Span<sbyte>().ToArray(), q => (float)q);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= scales[scales.Length == 1 ? 0 : i / inner % scales.Length];
        }

        return Tensor.Of(integers.Dims, values);
    }
}
