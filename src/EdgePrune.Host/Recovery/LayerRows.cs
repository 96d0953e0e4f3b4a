using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Sampled rows of one layer: what its weights are multiplied with in the pruned model, and what should come out, judged on
/// the sum behind a residual addition. Stored column by column, filled up with zeros.
/// </summary>
internal sealed class LayerRows
{
    /// <summary>Room for rows.</summary>
    public LayerRows(int count, int columns, int outputs, bool skips)
    {
        Count = count;
        var length = MatrixProduct.Padded(count);
        Inputs = Columns(columns, length);
        Targets = Columns(outputs, length);
        Skips = skips ? Columns(outputs, length) : null;
    }

    public int Count { get; }

    /// <summary>One column for each input channel and tap.</summary>
    public float[][] Inputs { get; }

    /// <summary>One column for each kept output channel: the original's, at the sum.</summary>
    public float[][] Targets { get; }

    /// <summary>What the pruned model adds to the layer's output, or null.</summary>
    public float[][]? Skips { get; }

    /// <summary>Reads rows that lie evenly spread, each at a random place of its stretch.</summary>
    public static LayerRows Read(LayerActivations activations, Range batches, int mostRows, Random random)
    {
        var all = Enumerable.Range(0, activations.Data.Length).ToArray()[batches].Select(b => (Batch: b, Rows: activations.RowsOf(b))).ToList();
        var total = all.Sum(b => (long)b.Rows);
        var count = (int)Math.Min(total, mostRows);
        var rows = new LayerRows(count, activations.Columns, activations.Kept.Count, activations.Skip is not null);
        var places = Enumerable.Range(0, count).Select(i => Place(i, count, total, random)).ToList();
        var (next, passed) = (0, 0L);
        foreach (var (batch, available) in all)
        {
            for (; next < count && places[next] < passed + available; next++)
            {
                activations.Read(batch, (int)(places[next] - passed), rows, next);
            }

            passed += available;
        }

        return rows;
    }

    private static long Place(int index, int count, long total, Random random)
    {
        var (first, after) = (index * total / count, (index + 1) * total / count);
        return first + (after - first > 1 ? random.NextInt64(after - first) : 0);
    }

    private static float[][] Columns(int columns, int length) => [.. Enumerable.Range(0, columns).Select(_ => new float[length])];
}
