using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Energy of one inference from the energy of windows and of idling around them. What cannot be trusted is left out with its
/// reason: without samples over half of the windows, with a current beyond the range or with a sensor that repeats itself there
/// are no joules at all; when idling changed by more than 2 % there is no net energy.
/// </summary>
/// <param name="source">The sensor's name.</param>
/// <param name="estimated">Whether its figures are estimates.</param>
internal sealed class EnergyEvaluation(string source, bool estimated)
{
    private const double MaxIdleShift = 0.02;
    private const double LeastCoverage = 0.5;
    private const double MaxSpread = 0.05;

    private readonly List<string> _reasons = [];

    /// <summary>Evaluates a run.</summary>
    /// <param name="before">Idling before the windows.</param>
    /// <param name="windows">Each window with its number of inferences.</param>
    /// <param name="after">Idling after the windows.</param>
    /// <param name="faults">What the sensor reported during all of it.</param>
    public EnergyOutcome Run(EnergyIntegral before, IReadOnlyList<(EnergyIntegral Energy, long Runs)> windows, EnergyIntegral after, IReadOnlyList<PowerFault> faults)
    {
        var covered = windows.Sum(w => w.Energy.Covered.TotalSeconds);
        var length = windows.Sum(w => w.Energy.Length.TotalSeconds);
        var coverage = length > 0 ? Math.Min(1, covered / length) : 0;
        var usable = Explain(faults) & RequireCoverage(coverage);
        var runs = windows.Sum(w => w.Runs);
        if (!usable || runs < 1)
        {
            return new EnergyOutcome(null, _reasons);
        }

        var watts = windows.Sum(w => w.Energy.Joules) / covered;
        var idle = IdleWatts(before, after);
        var use = new EnergyUse(
            source,
            new Energy(watts * length / runs),
            idle is { } rest ? new Energy((watts - rest) * length / runs) : null,
            coverage,
            estimated)
        {
            MeanWatts = watts,
            IdleWatts = before.MeanWatts is { } first && after.MeanWatts is { } last ? [first, last] : null,
            Spread = Spread(windows, idle ?? 0),
        };
        return new EnergyOutcome(use, _reasons);
    }

    // Without idling it is the spread of the gross energy, which is what is left to judge.
    private double? Spread(IReadOnlyList<(EnergyIntegral Energy, long Runs)> windows, double idle)
    {
        double[] joules = [.. windows
            .Where(w => w.Energy.MeanWatts is not null && w.Runs > 0)
            .Select(w => (w.Energy.MeanWatts!.Value - idle) * w.Energy.Length.TotalSeconds / w.Runs)];
        if (joules.Length < 2 || joules.Average() <= 0)
        {
            return null;
        }

        var spread = (joules.Max() - joules.Min()) / joules.Average();
        if (spread > MaxSpread)
        {
            Add($"The windows disagree on the energy by {spread * 100:0.#} %; measure longer windows.");
        }

        return spread;
    }

    private bool RequireCoverage(double coverage)
    {
        if (coverage < LeastCoverage)
        {
            Add($"Power samples of '{source}' cover only {coverage * 100:0.#} % of the windows; the energy is not given.");
            return false;
        }

        return true;
    }

    private bool Explain(IReadOnlyList<PowerFault> faults)
    {
        var usable = true;
        foreach (var group in faults.GroupBy(f => f).OrderBy(g => g.Key))
        {
            var fatal = group.Key is PowerFault.Saturated or PowerFault.Frozen;
            usable &= !fatal;
            Add($"The power monitor '{source}' {Words(group.Key)} ({group.Count()} readings){(fatal ? "; the energy is not given" : "")}.");
        }

        return usable;
    }

    private static string Words(PowerFault fault) => fault switch
    {
        PowerFault.NoAnswer => "did not answer; check wiring and address",
        PowerFault.ShortRead => "answered fewer bytes than a register has",
        PowerFault.Stale => "finished no conversion for several conversion times",
        PowerFault.Frozen => "repeated old values as new ones; switch it off and on",
        PowerFault.Reset => "lost its settings and was set up again; check its supply",
        PowerFault.Disturbed => "had other settings than ours; another program writes to it, or the bus is stuck",
        PowerFault.Saturated => "was at the end of its range; use a smaller shunt",
        _ => "had no new value",
    };

    private double? IdleWatts(EnergyIntegral before, EnergyIntegral after)
    {
        if (before.MeanWatts is not { } first || after.MeanWatts is not { } last)
        {
            Add($"The power of idling was not measured; there is no net energy.");
            return null;
        }

        if (Math.Abs(first - last) > MaxIdleShift * Math.Max(Math.Abs(first), Math.Abs(last)))
        {
            Add($"Idling took {first:0.###} W before and {last:0.###} W after the windows; there is no net energy.");
            return null;
        }

        return (first + last) / 2;
    }

    private void Add(FormattableString reason) => _reasons.Add(reason.ToString(CultureInfo.InvariantCulture));
}
