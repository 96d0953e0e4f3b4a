using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Prunes one block of a layer from left to right: of each segment of columns the weights go that the columns to their right
/// make up for best, and these do (SparseGPT; Frantar and Alistarh, 2023). Then the kept weights are fitted once more together.
/// </summary>
/// <remarks>
/// H is the covariance of the inputs plus damping; H^-1 = U^T U. Removing w_j costs w_j^2 / U_jj^2 and moves the columns to its
/// right by -w_j / U_jj times U_j. The mean of the inputs is left to the bias, which makes the covariance the right measure.
/// How many weights of a segment go follows from the same cost before anything went, so that segments of idle inputs lose more.
/// </remarks>
internal sealed class CompensatedPruning(SparsityLayer layer, SparsityPattern pattern)
{
    private const int SegmentColumns = 128;

    /// <summary>Prunes the rows of one block.</summary>
    /// <param name="rows">The rows; changed in place.</param>
    /// <param name="h">Lower triangle of H, positive definite.</param>
    /// <param name="factor">U by rows from the diagonal on.</param>
    /// <param name="zeros">Number of weights to remove; a pattern N:M has its own.</param>
    /// <returns>Which weights were removed.</returns>
    public bool[][] Prune(double[][] rows, double[][] h, double[][] factor, int zeros)
    {
        var originals = Array.ConvertAll(rows, r => (double[])r.Clone());
        var removed = Array.ConvertAll(rows, r => new bool[r.Length]);
        var (best, budgets) = pattern.IsUnstructured ? Budgets(rows, factor, zeros) : ([], []);
        foreach (var (first, length, index) in Segments().Select((s, i) => (s.First, s.Length, i)))
        {
            if (pattern.IsUnstructured)
            {
                ChooseLowest(rows, factor, removed, (first, length, budgets[index]), best);
            }
            else
            {
                ChooseInGroups(rows, factor, removed, first, length);
            }

            Parallel.For(0, rows.Length, r => Compensate(rows[r], removed[r], factor, first, length));
        }

        new MaskedLeastSquares(h).Fit(originals, rows, removed);
        return removed;
    }

    private IEnumerable<(int First, int Length)> Segments() => pattern.IsUnstructured
        ? Enumerable.Range(0, (layer.Columns + SegmentColumns - 1) / SegmentColumns).Select(i => (i * SegmentColumns, Math.Min(SegmentColumns, layer.Columns - (i * SegmentColumns))))
        : MaskSelection.Groups(layer, pattern);

    // The best column of each row, which stays, and the number of weights that each segment loses.
    private (int[] Best, int[] Budgets) Budgets(double[][] rows, double[][] factor, int zeros)
    {
        var inverse = InverseDiagonal(factor);
        var costs = Array.ConvertAll(rows, r => r.Select((w, j) => w * w / inverse[j]).ToArray());
        int[] best = [.. costs.Select(c => Array.IndexOf(c, c.Max()))];
        var all = costs.SelectMany((c, r) => c.Where((_, j) => j != best[r])).ToArray();
        var segments = costs.SelectMany((c, r) => Enumerable.Range(0, c.Length).Where(j => j != best[r]).Select(j => j / SegmentColumns)).ToArray();
        Array.Sort(all, segments);
        var budgets = new int[(layer.Columns + SegmentColumns - 1) / SegmentColumns];
        foreach (var segment in segments.AsSpan(0, zeros))
        {
            budgets[segment]++;
        }

        return (best, budgets);
    }

    private static double[] InverseDiagonal(double[][] factor)
    {
        var diagonal = new double[factor.Length];
        for (var i = 0; i < factor.Length; i++)
        {
            for (var j = i; j < diagonal.Length; j++)
            {
                diagonal[j] += factor[i][j - i] * factor[i][j - i];
            }
        }

        return diagonal;
    }

    private static void ChooseLowest(double[][] rows, double[][] factor, bool[][] removed, (int First, int Length, int Count) segment, int[] best)
    {
        List<(int Row, int Column)> places = [];
        List<double> costs = [];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = segment.First; column < segment.First + segment.Length; column++)
            {
                if (column != best[row])
                {
                    places.Add((row, column));
                    costs.Add(Cost(rows[row][column], factor[column][0]));
                }
            }
        }

        var (keys, order) = (costs.ToArray(), places.ToArray());
        Array.Sort(keys, order);
        foreach (var (row, column) in order.AsSpan(0, segment.Count))
        {
            removed[row][column] = true;
        }
    }

    private void ChooseInGroups(double[][] rows, double[][] factor, bool[][] removed, int first, int length)
    {
        var (scores, places) = (new float[length], new int[length]);
        for (var row = 0; row < rows.Length; row++)
        {
            for (var i = 0; i < length; i++)
            {
                scores[i] = (float)Cost(rows[row][first + i], factor[first + i][0]);
            }

            MaskSelection.RemoveLowest(scores, removed[row].AsSpan(first, length), Math.Max(0, length - pattern.Kept), places);
        }
    }

    private static double Cost(double weight, double pivot) => weight * weight / (pivot * pivot);

    private static void Compensate(double[] row, bool[] removed, double[][] factor, int first, int length)
    {
        for (var column = first; column < first + length; column++)
        {
            if (removed[column])
            {
                var error = row[column] / factor[column][0];
                var right = row.AsSpan(column);
                TensorPrimitives.MultiplyAdd<double>(factor[column], -error, right, right);
                row[column] = 0;
            }
        }
    }
}
