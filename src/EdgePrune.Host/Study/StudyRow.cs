namespace EdgePrune.Host;

/// <summary>A row of the table: the mean over all seeds that succeeded.</summary>
/// <param name="Name">The row in words, such as <c>structured 50 % + 3 epochs + int8</c>.</param>
/// <param name="Method">How the model was made smaller.</param>
/// <param name="Rate">Share that went.</param>
/// <param name="Epochs">Epochs of fine-tuning.</param>
/// <param name="Precision">Number format.</param>
/// <param name="Seeds">Cells that the figures rest on.</param>
public sealed record StudyRow(string Name, StudyMethod Method, double Rate, int Epochs, Precision Precision, int Seeds)
{
    /// <summary>Mean score in points, or null when every cell failed.</summary>
    public double? Score { get; init; }
    /// <summary>Standard deviation of the score over seeds, or null for one.</summary>
    public double? ScoreDeviation { get; init; }
    /// <summary>Time of an inference, or null when it was not measured.</summary>
    public StudyTime? Time { get; init; }
    /// <summary>Mean bytes of the file.</summary>
    public long? FileBytes { get; init; }
    /// <summary>Mean bytes of the compressed file.</summary>
    public long? CompressedBytes { get; init; }
    /// <summary>Mean number of float parameters, before the change of precision.</summary>
    public long? Parameters { get; init; }
    /// <summary>Mean number of those that are not zero.</summary>
    public long? NonZero { get; init; }
    /// <summary>Why a cell failed: the first reason, or null when none did.</summary>
    public StudyFailure? Failure { get; init; }

    /// <summary>The table of some cells, in their order.</summary>
    /// <param name="cells">The cells.</param>
    /// <returns>The rows.</returns>
    public static IReadOnlyList<StudyRow> Of(IReadOnlyList<StudyCell> cells) => [.. cells.GroupBy(c => c.Case with { Seed = 0 }).Select(g => Of(g.Key, [.. g]))];

    private static StudyRow Of(StudyCase row, IReadOnlyList<StudyCell> cells)
    {
        var figures = cells.Select(c => c.Figures).OfType<StudyFigures>().ToList();
        var empty = new StudyRow(row.Name, row.Method, row.Rate, row.Epochs, row.Precision, figures.Count) { Failure = cells.Select(c => c.Failure).FirstOrDefault(f => f is not null) };
        return figures.Count == 0 ? empty : empty with
        {
            Score = figures.Average(f => f.Score),
            ScoreDeviation = figures.Count == 1 ? null : Deviation([.. figures.Select(f => f.Score)]),
            Time = cells.Select(c => c.Time).FirstOrDefault(t => t is not null),
            FileBytes = Mean(figures, f => f.FileBytes),
            CompressedBytes = Mean(figures, f => f.CompressedBytes),
            Parameters = Mean(figures, f => f.Parameters),
            NonZero = Mean(figures, f => f.NonZero),
        };
    }

    private static long Mean(IEnumerable<StudyFigures> figures, Func<StudyFigures, long> figure) => (long)Math.Round(figures.Average(figure));

    private static double Deviation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
