namespace EdgePrune.Host;

/// <summary>
/// Fits how many epochs each rate needs. More epochs cannot cost accuracy and more pruning cannot need fewer, so both are made monotone
/// by pooling adjacent violators; nothing is assumed of the shape in between.
/// </summary>
internal static class EpochFit
{
    private const int LeastRatesOfALine = 3;

    /// <summary>One curve for each method that has cells in float at several numbers of epochs.</summary>
    public static IReadOnlyList<EpochCurve> Of(IReadOnlyList<StudyCell> cells, double tolerance)
    {
        var rows = StudyRow.Of(cells).Where(r => r is { Precision: Precision.Float32, Score: not null }).ToList();
        return rows.FirstOrDefault(r => r.Method == StudyMethod.Original)?.Score is not { } original
            ? []
            :
            [
                .. rows.Where(r => r.Method != StudyMethod.Original).GroupBy(r => r.Method)
                    .Where(m => m.Any(r => r.Epochs > 0))
                    .Select(m => Fit(new EpochCurve(m.Key, tolerance, original, [.. m.GroupBy(r => r.Rate).OrderBy(g => g.Key).Select(g => Need([.. g.OrderBy(r => r.Epochs)], original, tolerance))]))),
            ];
    }

    private static EpochNeed Need(IReadOnlyList<StudyRow> rows, double original, double tolerance)
    {
        var losses = MonotoneFit.Falling([.. rows.Select(r => original - r.Score!.Value)]);
        var within = Array.FindIndex(losses, l => l <= tolerance);
        var enough = Array.FindIndex(losses, l => l <= losses[^1] + tolerance);
        return new EpochNeed(rows[0].Rate, losses[^1], rows[^1].Epochs, within < 0 ? null : rows[within].Epochs, within < 0 ? null : Crossing(rows, losses, within, tolerance)) { Enough = rows[enough].Epochs };
    }

    private static double Crossing(IReadOnlyList<StudyRow> rows, double[] losses, int within, double tolerance)
    {
        if (within == 0)
        {
            return rows[0].Epochs;
        }

        var share = (losses[within - 1] - tolerance) / (losses[within - 1] - losses[within]);
        var (before, after) = (EpochLine.Logarithm(rows[within - 1].Epochs), EpochLine.Logarithm(rows[within].Epochs));
        return EpochLine.Epochs(before + (share * (after - before)));
    }

    private static EpochCurve Fit(EpochCurve curve)
    {
        var reached = curve.Needs.Where(n => n.Crossing is not null).ToList();
        var fitted = MonotoneFit.Rising([.. reached.Select(n => EpochLine.Logarithm(n.Crossing!.Value))]);
        var epochs = reached.Zip(fitted).ToDictionary(p => p.First.Rate, p => EpochLine.Epochs(p.Second));
        return curve with
        {
            Needs = [.. curve.Needs.Select(n => epochs.TryGetValue(n.Rate, out var e) ? n with { Fitted = e } : n)],
            Line = Line([.. reached.Where(n => n.Crossing > 0)]),
        };
    }

    // Least squares. A rate that needs none says only that the line is below 0 there, so it is no point of it.
    private static EpochLine? Line(IReadOnlyList<EpochNeed> resolved)
    {
        if (resolved.Count < LeastRatesOfALine)
        {
            return null;
        }

        var (rates, needs) = (resolved.Select(n => n.Rate).ToList(), resolved.Select(n => EpochLine.Logarithm(n.Crossing!.Value)).ToList());
        var (rate, need) = (rates.Average(), needs.Average());
        var slope = rates.Zip(needs).Sum(p => (p.First - rate) * (p.Second - need)) / rates.Sum(r => (r - rate) * (r - rate));
        return new EpochLine(need - (slope * rate), slope, resolved.Count);
    }
}
