using System.Globalization;

namespace EdgePrune.Host;

/// <summary>How many epochs rates need, in words.</summary>
public static class EpochWords
{
    /// <summary>The sentences of one curve.</summary>
    /// <param name="curve">The curve.</param>
    /// <returns>One sentence for each rate, then what holds over all.</returns>
    public static IReadOnlyList<string> Lines(EpochCurve curve) => [.. curve.Needs.Select(n => Need(curve, n)), .. Trend(curve)];

    /// <summary>What one rate needs.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="need">One of its needs.</param>
    /// <returns>A sentence.</returns>
    internal static string Need(EpochCurve curve, EpochNeed need) => need switch
    {
        { Epochs: 0 } => $"{Of(curve, need)} needs no training: {Lost(curve)} untrained.",
        { Epochs: { } epochs, Fitted: { } fitted } => $"{Of(curve, need)} needs about {StudyCase.Word(About(fitted))}: {Lost(curve)} after {epochs}, the fewest measured that do it.",
        _ => $"{Of(curve, need)} is out of reach: {Points(need.Loss)} points are lost after {StudyCase.Word(need.MostEpochs)}{Later(curve, need)}.",
    };

    private static IEnumerable<string> Trend(EpochCurve curve)
    {
        if (curve.Needs.Count < 2)
        {
            yield break;
        }

        var method = StudyCase.Word(curve.Method);
        yield return curve.Rises
            ? $"{method}: the more is pruned, the more epochs it needs."
            : curve.Needs.All(n => n.Epochs == 0) ? $"{method}: no measured rate needs training." : $"{method}: the measured rates do not show that more pruning needs more epochs.";
        if (curve is { Line: { Slope: > 0 } line })
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{method}, over {line.Rates} rates: epochs = exp({line.Intercept:0.##} + {line.Slope:0.##} * rate) - 1.");
        }
    }

    private static string Later(EpochCurve curve, EpochNeed need) => need switch
    {
        { Enough: 0 } => $", and training brought less than {Points(curve.Tolerance)}",
        _ when need.Enough < need.MostEpochs => $", and those beyond {need.Enough} brought less than {Points(curve.Tolerance)}",
        _ => "",
    };

    // Part of an epoch is an epoch.
    private static int About(double epochs) => (int)Math.Ceiling(epochs - 1e-6);

    private static string Of(EpochCurve curve, EpochNeed need) => $"{StudyCase.Word(curve.Method)}, {StudyCase.Percent(need.Rate)}";

    private static string Lost(EpochCurve curve) => $"at most {Points(curve.Tolerance)} points are lost";

    private static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);
}
