namespace EdgePrune.Host;

/// <summary>What a study has to offer for a need.</summary>
/// <param name="Best">The row that needs least of all that keep the score.</param>
/// <param name="Original">The row of the original.</param>
/// <param name="Others">The next best rows that keep the score, at most two.</param>
internal sealed record MeasuredChoice(StudyRow Best, StudyRow Original, IReadOnlyList<StudyRow> Others)
{
    private const int Shown = 2;

    // Less is within what two measurements of one model differ by.
    private const double LeastGain = 0.05;

    /// <summary>The choice, or null when no measured model needs clearly less and keeps the score.</summary>
    public static MeasuredChoice? Of(StudyReport study, AdviceNeed need)
    {
        if (study.Rows.FirstOrDefault(r => r is { Method: StudyMethod.Original, Precision: Precision.Float32, Score: not null }) is not { } original || Figure(original, need) is not { } now)
        {
            return null;
        }

        var rows = study.Rows
            .Where(r => r != original && r.Score >= original.Score - study.Options.Tolerance && Figure(r, need) <= (1 - LeastGain) * now)
            .OrderBy(r => Figure(r, need)).ThenByDescending(r => r.Score)
            .ToList();
        return rows.Count == 0 ? null : new MeasuredChoice(rows[0], original, [.. rows.Skip(1).Take(Shown)]);
    }

    /// <summary>What a row needs, or null when it was not measured.</summary>
    public static double? Figure(StudyRow row, AdviceNeed need) => need switch
    {
        AdviceNeed.Memory => row.FileBytes,
        AdviceNeed.Transfer => row.CompressedBytes,
        _ => row.Time?.P50.TotalSeconds,
    };

    /// <summary>What a row needs, in words.</summary>
    public static string Text(StudyRow row, AdviceNeed need) => need switch
    {
        AdviceNeed.Memory => $"{StudyWords.Megabytes(row.FileBytes)} MB",
        AdviceNeed.Transfer => $"{StudyWords.Megabytes(row.CompressedBytes)} MB compressed",
        _ => $"{Contracts.Durations.Print(row.Time!.P50)} an inference",
    };
}
