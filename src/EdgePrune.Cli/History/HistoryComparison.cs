using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>What <c>history compare</c> answers machines.</summary>
/// <param name="Before">The earlier measurement.</param>
/// <param name="After">The later one.</param>
/// <param name="Ratio">Median of the later over that of the earlier, with its interval.</param>
/// <param name="Verdict">Whether the later is faster.</param>
/// <param name="SameConditions">Whether machine, system, runtime and settings are the same.</param>
internal sealed record HistoryComparison(string Before, string After, BoundedRatio Ratio, SpeedVerdict Verdict, bool SameConditions);
