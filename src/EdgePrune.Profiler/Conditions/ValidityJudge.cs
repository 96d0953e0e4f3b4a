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

    private RunVerdict Run(ValidityEvidence evidence)
    {
        JudgePressure(evidence.Conditions.CpuPressurePercent);
        JudgeThrottling(evidence.Conditions.Throttling);
        JudgeClock(evidence.Conditions.ClockMhz);
        JudgeTemperature(evidence.Conditions.TemperatureCelsius);
        JudgeWarmup(evidence.Warmup);
        JudgeWindows(evidence.Windows);
        JudgeAllocation(evidence.ManagedBytesPerRun);
        JudgeEnergy(evidence.Energy);
        var worst = _findings.Count == 0 ? RunValidity.Valid : _findings.Max(f => f.Validity);
        return new RunVerdict(worst, [.. _findings.Select(f => f.Reason)]);
    }

    private void JudgePressure(IReadOnlyList<double>? percent)
    {
        if (percent is { Count: > 0 })
        {
            Grade(percent.Max(), _rules.SuspectPressure, _rules.InvalidPressure,
                worst => $"Tasks waited for a processor {worst:0.#} % of the time; stop other work on the device.");
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
