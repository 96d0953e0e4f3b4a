namespace EdgePrune.Host;

/// <summary>
/// The range after which the distribution of the values is least changed, by the Kullback-Leibler divergence of the clipped
/// values from their 256 levels. Migacz, 8-bit inference with TensorRT, GTC 2017; here for each side of 0 alone, so that a
/// one-sided distribution has all levels on its side.
/// </summary>
/// <remarks>
/// For every candidate end the values beyond it are added to the last bin kept (the reference P); the kept bins without them are
/// merged into the levels, and each level's count is spread evenly over those of its bins that hold something (Q). Zeros, of which
/// activations have many, are exact in every range: the first bin of each side counts as many as the second.
/// </remarks>
internal static class EntropyRange
{
    private const int Levels = 256;
    private const int Candidates = 128;
    private const double Smallest = 1e-4;

    /// <summary>Finds the range.</summary>
    /// <param name="histogram">Counts of the values.</param>
    /// <param name="seen">Lowest and highest value.</param>
    public static ValueRange Find(ValueHistogram histogram, ValueRange seen)
    {
        var bins = histogram.Bins;
        var middle = bins.Length / 2;
        var up = Counts(bins[middle..]);
        var down = Counts(Reversed(bins[..middle]));
        var (mostUp, mostDown) = (LastUsed(up), LastUsed(down));
        var (high, low) = (mostUp, mostDown);
        high = Best(mostUp, Levels, end => Divergence(down, low, up, end));
        low = Best(mostDown, Levels, end => Divergence(down, end, up, high));
        return new ValueRange((float)(low == mostDown ? seen.Low : -low * histogram.Width), (float)(high == mostUp ? seen.High : high * histogram.Width));
    }

    private static int Best(int most, int fewest, Func<int, double> divergence)
    {
        if (most <= fewest)
        {
            return most;
        }

        var (best, least) = (most, divergence(most));
        for (var i = Candidates - 1; i >= 0; i--)
        {
            var end = fewest + (int)((long)(most - fewest) * i / Candidates);
            if (divergence(end) is var d && d < least)
            {
                (best, least) = (end, d);
            }
        }

        return best;
    }

    /// <summary>Divergence of the values clipped to these numbers of bins below and above 0 from their levels.</summary>
    private static double Divergence(double[] down, int low, double[] up, int high)
    {
        var length = low + high;
        var kept = new double[length];
        for (var i = 0; i < length; i++)
        {
            kept[i] = i < low ? down[low - 1 - i] : up[i - low];
        }

        var clipped = (double[])kept.Clone();
        AddBeyond(clipped, down, low, 0);
        AddBeyond(clipped, up, high, length - 1);
        var total = clipped.Sum();
        var (divergence, sum) = (0.0, kept.Sum());
        var spread = Spread(kept);
        for (var i = 0; i < length; i++)
        {
            if (clipped[i] > 0)
            {
                var p = clipped[i] / total;
                divergence += p * Math.Log(p / Math.Max(sum > 0 ? spread[i] / sum : 0, Smallest / length));
            }
        }

        return divergence;
    }

    private static void AddBeyond(double[] clipped, double[] side, int kept, int edge)
    {
        if (edge < 0 || edge >= clipped.Length)
        {
            return;
        }

        for (var i = kept; i < side.Length; i++)
        {
            clipped[edge] += side[i];
        }
    }

    private static double[] Spread(double[] kept)
    {
        var spread = new double[kept.Length];
        for (var level = 0; level < Levels; level++)
        {
            var (first, end) = ((int)((long)kept.Length * level / Levels), (int)((long)kept.Length * (level + 1) / Levels));
            var (sum, used) = (0.0, 0);
            for (var i = first; i < end; i++)
            {
                sum += kept[i];
                used += kept[i] > 0 ? 1 : 0;
            }

            for (var i = first; i < end; i++)
            {
                spread[i] = kept[i] > 0 ? sum / used : 0;
            }
        }

        return spread;
    }

    private static double[] Counts(ReadOnlySpan<long> bins)
    {
        var counts = new double[bins.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = bins[i];
        }

        counts[0] = Math.Min(counts[0], counts[1]);
        return counts;
    }

    private static long[] Reversed(ReadOnlySpan<long> bins)
    {
        var copy = bins.ToArray();
        Array.Reverse(copy);
        return copy;
    }

    private static int LastUsed(double[] counts)
    {
        var last = counts.Length;
        while (last > 0 && counts[last - 1] == 0)
        {
            last--;
        }

        return last;
    }
}
