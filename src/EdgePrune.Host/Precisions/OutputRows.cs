using System.Numerics.Tensors;

namespace EdgePrune.Host;

/// <summary>A weight in symmetric 8-bit integers, -127 to 127, with a scale for each output.</summary>
/// <param name="Numbers">The integers, those of one output after the other.</param>
/// <param name="Scales">A scale for each output; 1 where all its weights are 0.</param>
/// <param name="Error">Norm of the change over the norm of the weight.</param>
internal sealed record OutputRows(sbyte[] Numbers, float[] Scales, double Error)
{
    private const int Largest = 127;

    /// <summary>Rounds a weight.</summary>
    /// <param name="rows">The weights, those of one output after the other.</param>
    /// <param name="inputs">Weights of an output.</param>
    public static OutputRows Round(float[] rows, int inputs)
    {
        var (numbers, scales, squared) = (new sbyte[rows.Length], new float[rows.Length / inputs], 0.0);
        for (var n = 0; n < scales.Length; n++)
        {
            var scale = MathF.Abs(TensorPrimitives.MaxMagnitude(rows.AsSpan(n * inputs, inputs))) / Largest;
            scales[n] = float.IsNormal(scale) ? scale : 1;
            for (var i = n * inputs; i < (n + 1) * inputs; i++)
            {
                numbers[i] = (sbyte)Math.Clamp(Math.Round((double)rows[i] / scales[n]), -Largest, Largest);
                squared += Math.Pow(rows[i] - ((double)scales[n] * numbers[i]), 2);
            }
        }

        return new OutputRows(numbers, scales, WeightTensors.RelativeError(squared, rows));
    }

    /// <summary>The integers with the outputs of one input after the other, as matrix products read them.</summary>
    public byte[] Transposed()
    {
        var (outputs, inputs) = (Scales.Length, Numbers.Length / Scales.Length);
        var transposed = new byte[Numbers.Length];
        for (var i = 0; i < transposed.Length; i++)
        {
            transposed[i] = (byte)Numbers[(i % outputs * inputs) + (i / outputs)];
        }

        return transposed;
    }
}
