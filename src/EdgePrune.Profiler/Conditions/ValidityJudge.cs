using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Says whether a run can be trusted, and every reason why not.</summary>
public sealed class ValidityJudge
{
    private readonly ValidityRules _rules;
    private readonly List<(RunValidity Validity, string Reason)> _findings = [];

    private ValidityJudge(ValidityRules rules) => _rules = rules;

    /// <summary>Judges a run.</summary>
    /// <param name="evidence">What was observed.</param>
    /// <param name="rules">The limits, or null for the defaults.</param>
    /// <returns>The worst finding and all reasons.</returns>
    public static RunVerdict Judge(ValidityEvidence evidence, ValidityRules? rules = null) => new ValidityJudge(rules ?? new ValidityRules()).Run(evidence);

    /// <summary>Judges what the device was like, where there are no windows to judge.</summary>
    internal static RunVerdict JudgeConditions(RunConditions conditions, bool steady)
    {
        var judge = new ValidityJudge(new ValidityRules());
        judge.JudgeSurroundings(conditions);
        if (!steady)
        {
            judge.Find(RunValidity.Suspect, "A model reached no steady state before the first round.");
        }

        return judge.Verdict();
    }

    private void JudgeSurroundings(RunConditions conditions)
    {
        JudgePressure(conditions);
        JudgeThrottling(conditions.Throttling);
        JudgeClock(conditions.CalibratedMhz ?? conditions.ClockMhz);
        JudgeReportedClock(conditions);
        JudgeTemperature(conditions.TemperatureCelsius);
        JudgeSwap(conditions.SwappedPages);
    }

    private RunVerdict Run(ValidityEvidence evidence)
    {
        JudgeSurroundings(evidence.Conditions);
        JudgeWarmup(evidence.Warmup);
        JudgeWindows(evidence.Windows);
        JudgeAllocation(evidence.ManagedBytesPerRun);
        JudgeEnergy(evidence.Energy);
        return Verdict();
    }

    private RunVerdict Verdict()
    {
        var worst = _findings.Count == 0 ? RunValidity.Valid : _findings.Max(f => f.Validity);
        return new RunVerdict(worst, [.. _findings.Select(f => f.Reason)]);
    }

    // What the measuring threads lost is the right figure. Where the kernel does not tell it, what any task waited within the windows stands in,
    // which counts those too that politely wait for us; and where that is missing, the mean of 10 s, which also counts what was before them.
    private void JudgePressure(RunConditions conditions)
    {
        if (conditions.RunQueuePercent is { } waited)
        {
            Grade(waited, _rules.SuspectWaiting, _rules.InvalidWaiting,
                worst => $"The measuring threads waited for a processor {worst:0.#} % of the time; stop other work on the device, or take fewer threads.");
        }
        else if ((conditions.CpuStallPercent ?? (conditions.CpuPressurePercent is { Count: > 0 } mean ? mean.Max() : null)) is { } percent)
        {
            Grade(percent, _rules.SuspectPressure, _rules.InvalidPressure,
                worst => $"Tasks waited for a processor {worst:0.#} % of the time; stop other work on the device.");
        }

        Grade(conditions.MemoryStallPercent ?? 0, _rules.SuspectPressure, _rules.InvalidPressure,
            worst => $"Tasks waited for memory {worst:0.#} % of the time; free memory on the device.");
    }

    private void JudgeReportedClock(RunConditions conditions)
    {
        if (conditions is { ClockMhz: { Count: > 0 } told, CalibratedMhz: { Count: > 0 } real } && real.Max() < _rules.MinRealClock * told.Min())
        {
            Find(RunValidity.Invalid, string.Create(CultureInfo.InvariantCulture,
                $"The kernel tells {told.Min():0} MHz but the processor runs at {real.Max():0}: the firmware holds it back; check power supply and cooling."));
        }
    }

    private void JudgeSwap(long? pages)
    {
        if (pages > 0)
        {
            Find(RunValidity.Suspect, $"{pages} pages went to or from swap during the windows; free memory on the device.");
        }
    }

    private void JudgeThrottling(IReadOnlyList<string>? flags)
    {
        foreach (var flag in flags ?? [])
        {
            Find(RunValidity.Invalid, $"The firmware reported '{flag}' during the run; check power supply and cooling.");
        }
    }

    private void JudgeClock(IReadOnlyList<double>? megahertz)
    {
        if (megahertz is { Count: > 1 } && megahertz.Max() > 0)
        {
            var shift = (megahertz.Max() - megahertz.Min()) / megahertz.Max();
            Grade(shift, _rules.SuspectClockShift, _rules.InvalidClockShift,
                share => $"The clock went from {megahertz[0]:0} to {megahertz[^1]:0} MHz ({share * 100:0.#} %); set the governor to 'performance'.");
        }
    }

    private void JudgeTemperature(IReadOnlyList<double>? celsius)
    {
        if (celsius is { Count: > 0 })
        {
            Grade(celsius.Max(), _rules.TemperatureLimit - _rules.TemperatureMargin, _rules.TemperatureLimit,
                worst => $"The processor reached {worst:0.#} degrees Celsius, the limit is {_rules.TemperatureLimit:0.#}; cool the device.");
        }
    }

    private void JudgeWarmup(WarmupResult warmup)
    {
        if (!warmup.SteadyState)
        {
            Find(RunValidity.Suspect, $"No steady state was reached in {warmup.Runs} runs ({Durations.Print(warmup.Duration)}); the windows may still drift.");
        }
    }

    private void JudgeWindows(IReadOnlyList<WindowStatistics> windows)
    {
        if (windows.Count == 0)
        {
            Find(RunValidity.Invalid, "There is no measuring window.");
            return;
        }

        var lowest = windows.Min(w => w.P50);
        var highest = windows.Max(w => w.P50);
        if (lowest > TimeSpan.Zero && MayDiffer(windows))
        {
            Grade((highest - lowest) / lowest, _rules.SuspectSpread, _rules.InvalidSpread,
                share => $"The windows disagree: their medians go from {Durations.Print(lowest)} to {Durations.Print(highest)} ({share * 100:0.#} %).");
        }

        if (windows.Sum(w => w.Collections) is > 0 and var collections)
        {
            Find(RunValidity.Suspect, $"{collections} garbage collections fell into the windows.");
        }
    }

    // Medians of noisy windows differ by chance. They count as different when the bounds of two do not meet, or are unknown.
    private static bool MayDiffer(IReadOnlyList<WindowStatistics> windows) =>
        windows.Any(w => w.P50Lower is null || w.P50Upper is null) || windows.Max(w => w.P50Lower) > windows.Min(w => w.P50Upper);

    private void JudgeAllocation(double bytesPerRun)
    {
        if (bytesPerRun > 0)
        {
            Find(RunValidity.Suspect, string.Create(CultureInfo.InvariantCulture, $"The harness allocated {bytesPerRun:0.##} managed bytes for each inference; expected none."));
        }
    }

    private void JudgeEnergy(EnergyOutcome energy)
    {
        foreach (var reason in energy.Reasons)
        {
            Find(RunValidity.Suspect, reason);
        }

        if (energy.Use is { } use && use.Coverage < _rules.MinCoverage)
        {
            Find(RunValidity.Suspect, string.Create(CultureInfo.InvariantCulture, $"Power samples of '{use.Source}' cover {use.Coverage * 100:0.#} % of the windows; the energy is uncertain."));
        }
    }

    private void Grade(double value, double suspect, double invalid, Func<double, FormattableString> reason)
    {
        if (value > suspect)
        {
            Find(value > invalid ? RunValidity.Invalid : RunValidity.Suspect, FormattableString.Invariant(reason(value)));
        }
    }

    private void Find(RunValidity validity, string reason) => _findings.Add((validity, reason));
}
