namespace EdgePrune.Profiler;

/// <summary>
/// Distribution-free confidence bounds of a percentile. In a sample of n independent runs the number of runs below the
/// true p-quantile is Bin(n, p), whatever the distribution; so the k-th smallest run is at or above the quantile with
/// probability P(Bin(n, p) ≤ k − 1). For n = 100 and p = 0.95 that makes rank 99 the upper bound at 95 % confidence.
/// </summary>
public static class OrderStatistics
{
    /// <summary>Probability that at most <paramref name="k"/> of <paramref name="n"/> trials succeed.</summary>
    /// <param name="k">Number of successes; below 0 the probability is 0, from <paramref name="n"/> on it is 1.</param>
    /// <param name="n">Number of trials, at least 1.</param>
    /// <param name="p">Probability of one success. Range: above 0, below 1.</param>
    /// <returns>The cumulative probability. Range: 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> or <paramref name="p"/> is out of range.</exception>
    public static double BinomialCdf(int k, int n, double p)
    {
        Check(n, p);
        if (k >= n)
        {
            return 1;
        }

        var sum = 0.0;
        var logTerm = n * Math.Log(1 - p);
        for (var i = 0; i <= k; i++)
        {
            sum += Math.Exp(logTerm);
            logTerm = NextLogTerm(logTerm, i, n, p);
        }

        return Math.Min(1, sum);
    }

    /// <summary>Smallest rank (from 1) whose run is an upper bound of the p-quantile.</summary>
    /// <param name="n">Number of independent runs, at least 1.</param>
    /// <param name="p">The percentile as a share. Range: above 0, below 1.</param>
    /// <param name="confidence">Confidence of this one bound. Range: above 0, below 1.</param>
    /// <returns>The rank, or null when no run of so small a sample bounds the quantile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public static int? UpperRank(int n, double p, double confidence)
    {
        Check(n, p);
        var below = 0.0;
        var logTerm = n * Math.Log(1 - p);
        for (var rank = 1; rank <= n; rank++)
        {
            below += Math.Exp(logTerm);
            if (below >= confidence)
            {
                return rank;
            }

            logTerm = NextLogTerm(logTerm, rank - 1, n, p);
        }

        return null;
    }

    /// <summary>Largest rank (from 1) whose run is a lower bound of the p-quantile.</summary>
    /// <param name="n">Number of independent runs, at least 1.</param>
    /// <param name="p">The percentile as a share. Range: above 0, below 1.</param>
    /// <param name="confidence">Confidence of this one bound. Range: above 0, below 1.</param>
    /// <returns>The rank, or null when no run of so small a sample bounds the quantile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public static int? LowerRank(int n, double p, double confidence) =>
        // Turning the order round turns the p-quantile into the (1 - p)-quantile and a lower into an upper bound.
        n + 1 - UpperRank(n, 1 - p, confidence);

    /// <summary>Fewest independent runs that give the p-quantile an upper bound: 299 for p = 0.99 at 95 %.</summary>
    /// <param name="p">The percentile as a share. Range: above 0, below 1.</param>
    /// <param name="confidence">Confidence of the bound. Range: above 0, below 1.</param>
    /// <returns>The number of runs.</returns>
    public static int MinimumCount(double p, double confidence) =>
        (int)Math.Ceiling(Math.Log(1 - confidence) / Math.Log(p) - 1e-9);

    private static double NextLogTerm(double logTerm, int k, int n, double p) =>
        logTerm + Math.Log((n - k) / (k + 1.0)) + Math.Log(p / (1 - p));

    private static void Check(int n, double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
    }
}
