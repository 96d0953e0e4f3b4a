namespace EdgePrune.Profiler;

/// <summary>Energy of one interval.</summary>
/// <param name="Joules">Energy over the parts that samples cover.</param>
/// <param name="Covered">Length of those parts.</param>
/// <param name="Length">Length of the interval.</param>
public readonly record struct EnergyIntegral(double Joules, TimeSpan Covered, TimeSpan Length)
{
    /// <summary>Share of the interval that samples cover. Range: 0 to 1.</summary>
    public double Coverage => Length > TimeSpan.Zero ? Covered / Length : 0;

    /// <summary>Mean power over the covered parts in watts, or null when nothing is covered.</summary>
    public double? MeanWatts => Covered > TimeSpan.Zero ? Joules / Covered.TotalSeconds : null;
}
