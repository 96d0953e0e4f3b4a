namespace EdgePrune.Profiler;

/// <summary>
/// How many independent runs would tell as much as a correlated series. Neighbouring runs share caches, clock and
/// interference, so n runs are worth n / τ, where τ = 1 + 2 Σ ρ(lag). The sum is cut by Geyer's initial positive
/// sequence ("Practical Markov chain Monte Carlo", 1992): pairs of neighbouring lags are added, never growing, while
/// their sum is positive.
/// </summary>
public static class EffectiveSampleSize
{
    private const int MaxLag = 2000;

    /// <summary>Effective size of a series in the order it was measured.</summary>
    /// <param name="series">The measurements.</param>
    /// <returns>Between 1 and the length of the series; 0 for an empty one. A constant series counts in full.</returns>
    public static double Estimate(ReadOnlySpan<double> series)
    {
        if (series.Length < 4)
        {
            return series.Length;
        }

        var centred = Centre(series, out var variance);
        return variance <= 0 ? series.Length : Math.Clamp(series.Length / IntegratedTime(centred, variance), 1, series.Length);
    }

    /// <summary>
    /// Effective size for one quantile: that of the series "was this run at or below the quantile", whose mean is what the
    /// rank of an order statistic estimates. Outliers cannot hide a slow drift from it, as they would in the raw series.
    /// </summary>
    /// <param name="series">The measurements in the order they were made.</param>
    /// <param name="quantile">The sample quantile.</param>
    /// <returns>Between 1 and the length of the series; 0 for an empty one.</returns>
    public static double EstimateForQuantile(ReadOnlySpan<double> series, double quantile)
    {
        var below = new double[series.Length];
        for (var i = 0; i < below.Length; i++)
        {
            below[i] = series[i] <= quantile ? 1 : 0;
        }

        return Estimate(below);
    }

    private static double[] Centre(ReadOnlySpan<double> series, out double variance)
    {
        // Relative to the first value, a constant series is exactly zero; its rounding errors must not pass for noise.
        var offset = 0.0;
        foreach (var value in series)
        {
            offset += (value - series[0]) / series.Length;
        }

        var centred = new double[series.Length];
        for (var i = 0; i < centred.Length; i++)
        {
            centred[i] = series[i] - series[0] - offset;
        }

        variance = Covariance(centred, 0);
        return centred;
    }

    private static double IntegratedTime(double[] centred, double variance)
    {
        var time = -1.0;
        var previous = double.PositiveInfinity;
        var last = Math.Min(MaxLag, centred.Length - 2);
        for (var lag = 0; lag <= last; lag += 2)
        {
            var pair = (Covariance(centred, lag) + Covariance(centred, lag + 1)) / variance;
            if (pair <= 0)
            {
                break;
            }

            previous = Math.Min(previous, pair);
            time += 2 * previous;
        }

        // Alternating series would count more than they have; the clamp in Estimate takes 1 as the least.
        return Math.Max(time, 1e-9);
    }

    private static double Covariance(double[] centred, int lag)
    {
        var sum = 0.0;
        var late = centred.AsSpan(lag);
        var early = centred.AsSpan(0, late.Length);
        for (var i = 0; i < late.Length; i++)
        {
            sum += early[i] * late[i];
        }

        return sum / centred.Length;
    }
}
