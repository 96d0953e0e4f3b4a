using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Inner products of the columns of a contraction's weight, over outputs, taps and positions.</summary>
internal static class ObsGram
{
    private const int Chunk = 512;

    /// <summary>The matrix of some channels that lie in one block.</summary>
    /// <param name="contraction">The contraction.</param>
    /// <param name="values">Its weight.</param>
    /// <param name="members">For each channel the indices it owns, equally many for every channel.</param>
    public static SymmetricMatrix Of(Contraction contraction, float[] values, IReadOnlyList<IReadOnlyList<int>> members)
    {
        var view = WeightView.Of(contraction);
        var rows = view.Outputs / view.Blocks;
        var first = view.BlockOfInput(members[0][0]) * rows;
        var gram = new SymmetricMatrix(members.Count);
        var columns = new double[members.Count * Chunk];
        var length = members[0].Count * rows * view.Taps;
        for (var start = 0; start < length; start += Chunk)
        {
            var count = Math.Min(Chunk, length - start);
            Read(columns, count, members, (channel, at) =>
            {
                var (row, rest) = Math.DivRem(start + at, members[channel].Count * view.Taps);
                var (position, tap) = Math.DivRem(rest, view.Taps);
                return values[view.Index(first + row, members[channel][position], tap)];
            });
            Add(gram, columns, count);
        }

        return gram;
    }

    private static void Read(double[] columns, int count, IReadOnlyList<IReadOnlyList<int>> members, Func<int, int, float> weight)
    {
        for (var channel = 0; channel < members.Count; channel++)
        {
            var column = columns.AsSpan(channel * Chunk, count);
            for (var at = 0; at < count; at++)
            {
                column[at] = weight(channel, at);
            }
        }
    }

    private static void Add(SymmetricMatrix gram, double[] columns, int count)
    {
        for (var i = 0; i < gram.Size; i++)
        {
            var row = gram.Row(i);
            var column = columns.AsSpan(i * Chunk, count);
            for (var j = 0; j <= i; j++)
            {
                row[j] += TensorPrimitives.Dot<double>(column, columns.AsSpan(j * Chunk, count));
            }
        }
    }
}
