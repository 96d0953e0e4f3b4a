using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Figures of a bench in words; table, page and plot say the same.</summary>
internal static class BenchWords
{
    /// <summary>Session settings, such as <c>2 threads, spin</c>.</summary>
    public static string Settings(ProfileSettings settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings.Threads} thread{(settings.Threads == 1 ? "" : "s")}{(settings.Spinning ? ", spin" : "")}");

    /// <summary>A percentile with its bounds; what the number of runs does not support cannot be told.</summary>
    public static string Bounded(BoundedTime? time) => time switch
    {
        null => "cannot tell",
        { Lower: null, Upper: null } => $"{Durations.Print(time.Estimate)} (bounds: cannot tell)",
        _ => ProfileView.Bounded(time),
    };

    /// <summary>The ratio to the first model, or why there is none; empty for the first model itself.</summary>
    public static string Ratio(BenchRow row) => row switch
    {
        { NotCompared: { } why } => why,
        { Ratio: { Lower: { } lower, Upper: { } upper } ratio } => string.Create(CultureInfo.InvariantCulture, $"{ratio.Estimate:0.000} ({lower:0.000} to {upper:0.000}{(lower <= 1 && upper >= 1 ? ", cannot tell which is faster" : "")})"),
        { Ratio: { } ratio } => string.Create(CultureInfo.InvariantCulture, $"{ratio.Estimate:0.000} (bounds: cannot tell)"),
        _ => "",
    };

    /// <summary>The rate by the rules, or why there is none; empty where the rules have none.</summary>
    public static string Rate(BenchRow row) => row switch
    {
        { InferencesPerSecond: { } rate } => string.Create(CultureInfo.InvariantCulture, $"{rate:0.##} a second"),
        { RulesNotMet: { } fault } => $"rules not met: {fault}",
        _ => "",
    };

    /// <summary>Energy of an inference, or <c>no source</c>.</summary>
    public static string Energy(EnergyUse? energy) => energy is null
        ? "no source"
        : $"{energy.Net?.ToString() ?? "unknown"} net, {energy.Gross} gross{(energy.Estimated ? ", estimated" : "")}";

    /// <summary>Whether a run can be trusted.</summary>
    public static string Verdict(RunVerdict verdict) => verdict.Validity.ToString().ToLowerInvariant();

    /// <summary>A time that is only an estimate.</summary>
    public static string Rough(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
