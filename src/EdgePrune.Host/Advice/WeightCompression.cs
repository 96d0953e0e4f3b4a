using System.IO.Compression;
using System.Runtime.InteropServices;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// How far a lossless compressor gets with a model's weights in several forms, as shares of their bytes in 32-bit floats.
/// Measured with Brotli on the weights themselves, of large models on an even part of each.
/// </summary>
/// <param name="Float">As they are.</param>
/// <param name="HalfZero">With the smaller half of each tensor set to zero.</param>
/// <param name="TwoOfFour">With the two smaller of every four neighbours set to zero (2:4).</param>
/// <param name="Int8">In 8-bit integers with a scale for each row.</param>
/// <param name="Float16">In 16-bit floats.</param>
/// <param name="Int4">In 4-bit integers with a scale for each 32 neighbours, two a byte.</param>
public sealed record WeightCompression(double Float, double HalfZero, double TwoOfFour, double Int8, double Float16, double Int4)
{
    private const int Block = 32;
    private const int LargestSample = 1 << 20;
    private const int LargestHalfByte = 7;
    private const int Quality = 5;
    private const int Window = 22;

    /// <summary>Compresses a model's weights.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The shares; 1 for all where there are no weights.</returns>
    public static WeightCompression Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var weights = model.Graph.Initializers.Select(i => i.Constant!).Where(c => c.ElementType == ElementType.Float32 && c.Count > 0).ToList();
        var bytes = weights.Sum(w => (long)w.Bytes.Length);
        if (bytes == 0)
        {
            return new WeightCompression(1, 1, 1, 1, 1, 1);
        }

        var part = Math.Min(1, (double)LargestSample / bytes);
        List<(float[] Values, int Row)> samples = [.. weights.Select(w => (w.Span<float>()[..Math.Max(1, (int)(w.Count * part))].ToArray(), (int)(w.Count / Math.Max(1, w.Rank > 1 ? w.Dims[0] : 1))))];
        double total = samples.Sum(s => (long)s.Values.Length * sizeof(float));
        return new WeightCompression(
            Compress(samples.Select(s => s.Values)) / total,
            Compress(samples.Select(s => HalfOf(s.Values))) / total,
            Compress(samples.Select(s => TwoOf(s.Values))) / total,
            Compress(samples.Select(s => Integers(s.Values, s.Row, sbyte.MaxValue))) / total,
            Compress(samples.Select(s => Array.ConvertAll(s.Values, v => (Half)v))) / total,
            Compress(samples.Select(s => Pairs(Integers(s.Values, Block, LargestHalfByte)))) / total);
    }

    private static long Compress<T>(IEnumerable<T[]> parts)
        where T : unmanaged
    {
        var bytes = parts.SelectMany(p => MemoryMarshal.AsBytes(p.AsSpan()).ToArray()).ToArray();
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, buffer, out var written, Quality, Window) ? Math.Min(written, bytes.Length) : bytes.Length;
    }

    private static float[] HalfOf(float[] values)
    {
        var magnitudes = Array.ConvertAll(values, Math.Abs);
        Array.Sort(magnitudes);
        var threshold = magnitudes[values.Length / 2];
        return Array.ConvertAll(values, v => Math.Abs(v) < threshold ? 0 : v);
    }

    private static float[] TwoOf(float[] values)
    {
        var kept = (float[])values.Clone();
        for (var start = 0; start + 4 <= kept.Length; start += 4)
        {
            ZeroSmallest(kept.AsSpan(start, 4));
            ZeroSmallest(kept.AsSpan(start, 4));
        }

        return kept;
    }

    private static void ZeroSmallest(Span<float> four)
    {
        var smallest = -1;
        for (var i = 0; i < four.Length; i++)
        {
            smallest = four[i] != 0 && (smallest < 0 || Math.Abs(four[i]) < Math.Abs(four[smallest])) ? i : smallest;
        }

        if (smallest >= 0)
        {
            four[smallest] = 0;
        }
    }

    private static sbyte[] Integers(float[] values, int row, int most)
    {
        var integers = new sbyte[values.Length];
        for (var start = 0; start < values.Length; start += row)
        {
            var part = values.AsSpan(start, Math.Min(row, values.Length - start));
            var largest = Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(part));
            for (var i = 0; i < part.Length && float.IsFinite(largest) && largest > 0; i++)
            {
                integers[start + i] = (sbyte)Math.Round(part[i] / largest * most);
            }
        }

        return integers;
    }

    private static byte[] Pairs(sbyte[] numbers) => [.. numbers.Chunk(2).Select(p => (byte)((p[0] & 15) | (p[^1] << 4)))];
}
