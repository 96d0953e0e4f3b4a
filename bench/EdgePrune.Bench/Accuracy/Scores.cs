using System.Globalization;

namespace EdgePrune.Bench;

/// <summary>Scores of one setting over its seeds.</summary>
/// <param name="Values">One score for each seed, in percent.</param>
internal sealed record Scores(IReadOnlyList<double> Values)
{
    public double Mean => Values.Average();

    /// <summary>Standard deviation of the sample (n - 1), or null when there is one value.</summary>
    public double? Deviation => Values.Count < 2 ? null : Math.Sqrt(Values.Sum(v => (v - Mean) * (v - Mean)) / (Values.Count - 1));

    public override string ToString() => Deviation is { } deviation
        ? string.Create(CultureInfo.InvariantCulture, $"{Mean:f2} ± {deviation:f2}")
        : Mean.ToString("f2", CultureInfo.InvariantCulture);
}
