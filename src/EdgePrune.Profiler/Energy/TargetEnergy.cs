using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Energy of one inference where nothing measures power: the target's load power over the time an inference takes, and what is above its
/// idle power. An upper end when fewer threads run than the board has cores, because load power is that of all cores.
/// </summary>
public static class TargetEnergy
{
    /// <summary>The source's name in a report; no sensor has it.</summary>
    public const string Source = "estimate from target";

    /// <summary>Estimates the energy, for a report without one.</summary>
    /// <param name="report">What was measured; its mean latency is the time.</param>
    /// <param name="target">The kind of device that measured it.</param>
    /// <returns>The report with an estimate; the same when it has energy, the target lacks a power, or another kind of processor measured.</returns>
    public static ProfileReport Complete(ProfileReport report, Target target)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(target);
        return report.Energy is null && MeasuredOn(report, target) && target.Hardware is { IdleWatts: { Count: > 0 } idle, LoadWatts: { } load }
            ? report with { Energy = Estimate(report.Latency.Mean.TotalSeconds, idle.Average(), load) }
            : report;
    }

    // Where published idling is a range, its middle counts.
    private static EnergyUse Estimate(double seconds, double idle, double load) =>
        new(Source, new Energy(load * seconds), load > idle ? new Energy((load - idle) * seconds) : null, Coverage: 0, Estimated: true)
        {
            MeanWatts = load,
            IdleWatts = [idle],
        };

    // A latency of this desk times the watts of a board would be the energy of neither. The system's text ends in the architecture.
    private static bool MeasuredOn(ProfileReport report, Target target) =>
        target.Architecture == "any" || report.Conditions.System?.EndsWith($", {target.Architecture}", StringComparison.OrdinalIgnoreCase) == true;
}
