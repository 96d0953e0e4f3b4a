namespace EdgePrune.Profiler;

/// <summary>
/// Distribution-free confidence bounds of a percentile. In a sample of n independent runs the k-th smallest run is at or above
/// the p-quantile with probability 1 − I_p(k, n + 1 − k), whatever the distribution. Whole ranks jump over the wanted confidence:
/// for n = 400 and p = 0.99 the two highest give 90.9 % and 98.2 %. So k is taken as a real number, and the bound lies between
/// two runs (A. D. Hutson, "Calculating nonparametric confidence intervals for quantiles using fractional order statistics",
/// Journal of Applied Statistics 26, 1999). For n = 100 and p = 0.95 the upper bound at 95 % lies between the 98th and 99th run.
/// </summary>
public static class OrderStatistics
{
    private const double Precision = 1e-9;

    /// <summary>Rank (from 1, with a fraction) of the upper bound of the p-quantile.</summary>
    /// <param name="n">Number of independent runs, at least 1; a fraction for what correlated runs are worth.</param>
    /// <param name="p">The percentile as a share. Range: above 0, below 1.</param>
    /// <param name="confidence">Confidence of this one bound. Range: above 0, below 1.</param>
    /// <returns>The rank, or null when no run of so small a sample bounds the quantile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public static double? UpperRank(double n, double p, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        if (Coverage(n, n, p) < confidence - Precision)
        {
            return null;
        }

        double low = 0, high = n;
        while (high - low > Precision * n)
        {
            var middle = (low + high) / 2;
            if (Coverage(middle, n, p) >= confidence)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return Math.Max(1, high);
    }

    /// <summary>Rank (from 1, with a fraction) of the lower bound of the p-quantile.</summary>
    /// <param name="n">Number of independent runs, at least 1; a fraction for what correlated runs are worth.</param>
    /// <param name="p">The percentile as a share. Range: above 0, below 1.</param>
    /// <param name="confidence">Confidence of this one bound. Range: above 0, below 1.</param>
    /// <returns>The rank, or null when no run of so small a sample bounds the quantile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public static double? LowerRank(double n, double p, double confidence) =>
        // Turning the order round turns the p-quantile into the (1 - p)-quantile and a lower into an upper bound.
        n + 1 - UpperRank(n, 1 - p, confidence);

    /// <summary>Fewest independent runs that give the p-quantile an upper bound: 299 for p = 0.99 at 95 %.</summary>
    /// <param name="p">The percentile as a share. Range: above 0, below 1.</param>
    /// <param name="confidence">Confidence of the bound. Range: above 0, below 1.</param>
    /// <returns>The number of runs.</returns>
    public static int MinimumCount(double p, double confidence) =>
        (int)Math.Ceiling(Math.Log(1 - confidence) / Math.Log(p) - Precision);

    /// <summary>Probability that the value at a rank is at or above the p-quantile.</summary>
    /// <param name="rank">The rank, with a fraction. Range: above 0, to <paramref name="n"/>.</param>
    /// <param name="n">Number of independent runs.</param>
    /// <param name="p">The percentile as a share.</param>
    /// <returns>The probability.</returns>
    public static double Coverage(double rank, double n, double p) => 1 - BetaDistribution.Cdf(p, rank, n + 1 - rank);
}
