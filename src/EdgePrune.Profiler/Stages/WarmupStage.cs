using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Runs the model until its latency has settled, or until the longest time has passed. A fixed number of runs would be
/// too few for one machine and too many for another, and could not say that a model never settles.
/// </summary>
internal sealed class WarmupStage(TimeProvider clock, WarmupRules rules)
{
    // 1024 values make windows of at most 102: enough to see a shift of 1 %, too few to call a harmless 0.1 % a drift.
    private const int Capacity = 1024;
    // A slow model cannot fill two windows of 30 in time; two halves of 10 or more are then all there is to compare.
    private const int MinimumHalf = 10;

    /// <summary>Waits between two runs, so that the steady state is the one of the windows; null for one run right after another.</summary>
    public Pacer? Pacer { get; init; }

    public WarmupResult Run(Action inference)
    {
        var series = new ThinningSeries<double>(Capacity);
        var start = clock.GetTimestamp();
        var runs = 0;
        var nextCheck = 2 * SteadyStateDetector.MinimumWindow;
        while (true)
        {
            var elapsed = clock.GetElapsedTime(start);
            if (elapsed >= rules.MaxDuration)
            {
                return new WarmupResult(runs, elapsed, HalvesAgree(series));
            }

            if (runs >= Math.Max(nextCheck, rules.MinRuns) && elapsed >= rules.MinDuration)
            {
                var window = SteadyStateDetector.WindowFor(series.Values.Length);
                if (SteadyStateDetector.IsSteady(series.Values, window))
                {
                    return new WarmupResult(runs, elapsed, SteadyState: true);
                }

                nextCheck = runs + (window * series.Stride);
            }

            Pacer?.Next();
            series.Add(Time(inference));
            runs++;
        }
    }

    private double Time(Action inference)
    {
        var before = clock.GetTimestamp();
        inference();
        return clock.GetTimestamp() - before;
    }

    private static bool HalvesAgree(ThinningSeries<double> series)
    {
        var count = series.Values.Length;
        var window = count >= 2 * SteadyStateDetector.MinimumWindow ? SteadyStateDetector.WindowFor(count) : count / 2;
        return window >= MinimumHalf && SteadyStateDetector.IsSteady(series.Values, window);
    }
}
