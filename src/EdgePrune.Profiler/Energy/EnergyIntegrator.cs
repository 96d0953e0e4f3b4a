namespace EdgePrune.Profiler;

/// <summary>
/// Integrates power samples by the trapezoid rule. Where two samples are more than 2.5 periods apart, the stretch between
/// them is unknown: it is left out and lowers the coverage, and nothing is invented for it.
/// </summary>
public static class EnergyIntegrator
{
    private const double MaxGapInPeriods = 2.5;

    /// <summary>Integrates over one interval.</summary>
    /// <param name="samples">Samples in order of time; those outside serve the edges.</param>
    /// <param name="from">Start of the interval in ticks.</param>
    /// <param name="to">End of the interval in ticks.</param>
    /// <param name="period">Time between two samples.</param>
    /// <param name="frequency">Ticks of one second.</param>
    /// <returns>The energy and how much of the interval it covers.</returns>
    public static EnergyIntegral Integrate(IReadOnlyList<PowerSample> samples, long from, long to, TimeSpan period, long frequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        double joules = 0, covered = 0;
        var maxGap = MaxGapInPeriods * period.TotalSeconds * frequency;
        for (var i = 1; i < samples.Count; i++)
        {
            var (left, right) = (samples[i - 1], samples[i]);
            var start = Math.Max(left.Timestamp, from);
            var end = Math.Min(right.Timestamp, to);
            if (end <= start || right.Timestamp - left.Timestamp > maxGap)
            {
                continue;
            }

            var seconds = (end - start) / (double)frequency;
            joules += seconds * (At(left, right, start) + At(left, right, end)) / 2;
            covered += seconds;
        }

        return new EnergyIntegral(joules, TimeSpan.FromSeconds(covered), TimeSpan.FromSeconds(Math.Max(0, to - from) / (double)frequency));
    }

    private static double At(PowerSample left, PowerSample right, long moment) =>
        left.Watts + ((right.Watts - left.Watts) * (moment - left.Timestamp) / (right.Timestamp - left.Timestamp));
}
