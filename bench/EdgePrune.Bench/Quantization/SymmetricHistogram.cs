namespace EdgePrune.Bench;

/// <summary>Counts of values in bins of equal width from minus to plus a bound, and the thresholds that ONNX Runtime takes from them.</summary>
/// <param name="bound">The bound.</param>
/// <param name="counts">The counts, lowest bin first.</param>
/// <remarks>
/// The rules are those of onnxruntime/python/tools/quantization/calibrate.py, <c>HistogramCollector</c> (1.17 to 1.23): all samples go
/// into one histogram; percentile has 2,048 bins, entropy 128.
/// </remarks>
internal sealed class SymmetricHistogram(double bound, IReadOnlyList<long> counts)
{
    /// <summary>Bins of ONNX Runtime's entropy calibration by default.</summary>
    public const int EntropyBins = 128;

    /// <summary>The same values in fewer, wider bins.</summary>
    public SymmetricHistogram Merge(int bins)
    {
        var together = counts.Count / bins;
        return new SymmetricHistogram(bound, [.. counts.Chunk(together).Select(c => c.Sum())]);
    }

    /// <summary>
    /// The edges between which a share of all values lies: half of the rest is cut at each end, at whole bins, and the lower edge of the
    /// bin in which the cut falls is taken at both ends.
    /// </summary>
    /// <param name="percentile">The share in percent.</param>
    public (double Low, double High) Percentile(double percentile)
    {
        var cut = (100 - percentile) / 200;
        return (Edge(FirstBin(cut)), Edge(FirstBin(1 - cut)));
    }

    /// <summary>The symmetric cut whose quantized distribution has the least Kullback-Leibler divergence from the uncut one.</summary>
    /// <param name="levels">Levels that the distribution is quantized to.</param>
    /// <remarks>
    /// Cuts from half of the levels on are tried. With as many bins as levels, which is the default of ONNX Runtime, only one is left to
    /// try: the whole range, so that the method is that of minimum and maximum widened to a symmetric range and cut back by the caller.
    /// </remarks>
    public (double Low, double High) Entropy(int levels)
    {
        var middle = counts.Count / 2;
        var (best, least) = ((-bound, bound), double.PositiveInfinity);
        for (var half = levels / 2; half <= middle; half++)
        {
            var (start, end) = (middle - half, Math.Min(middle + half + 1, counts.Count));
            var divergence = Divergence(start, end, levels);
            if (half == levels / 2 || divergence < least)
            {
                (best, least) = ((Edge(start), Edge(end)), divergence);
            }
        }

        return best;
    }

    private double Divergence(int start, int end, int levels)
    {
        var inside = counts.Skip(start).Take(end - start).Select(c => (double)c).ToArray();
        var whole = inside.ToArray();
        whole[0] += counts.Take(start).Sum();
        whole[^1] += counts.Skip(end).Sum();
        var quantized = new double[whole.Length];
        var width = inside.Length / levels;
        for (var level = 0; level < levels; level++)
        {
            // What is left over by whole widths counts for the last level.
            var (from, to) = (level * width, level == levels - 1 ? inside.Length : (level + 1) * width);
            var used = whole[from..to].Count(p => p > 0);
            for (var i = from; i < to; i++)
            {
                quantized[i] = used > 0 ? inside[from..to].Sum() / used : 0;
            }
        }

        return Smooth(whole) && Smooth(quantized) ? KullbackLeibler(whole, quantized) : double.PositiveInfinity;
    }

    // Zeros become a very small number, which the others pay for; false when there is nothing but zeros.
    private static bool Smooth(double[] distribution)
    {
        const double Small = 0.0001;
        var zeros = distribution.Count(d => d == 0);
        if (zeros == distribution.Length)
        {
            return false;
        }

        var paid = Small * zeros / (distribution.Length - zeros);
        for (var i = 0; i < distribution.Length; i++)
        {
            distribution[i] = distribution[i] == 0 ? Small : distribution[i] - paid;
        }

        return true;
    }

    private static double KullbackLeibler(double[] p, double[] q)
    {
        var (sumP, sumQ, divergence) = (p.Sum(), q.Sum(), 0.0);
        for (var i = 0; i < p.Length; i++)
        {
            divergence += p[i] / sumP * Math.Log(p[i] / sumP / (q[i] / sumQ));
        }

        return divergence;
    }

    private int FirstBin(double share)
    {
        var (total, below) = (counts.Sum(), 0L);
        for (var bin = 0; bin < counts.Count; bin++)
        {
            below += counts[bin];
            if ((double)below / total >= share)
            {
                return bin;
            }
        }

        return counts.Count;
    }

    private double Edge(int bin) => -bound + (2 * bound * bin / counts.Count);
}
