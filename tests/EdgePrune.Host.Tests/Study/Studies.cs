using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

/// <summary>Studies with fixed figures.</summary>
internal static class Studies
{
    /// <summary>The original and structured cells in float, with scores by rate and epochs.</summary>
    public static IReadOnlyList<StudyCell> Cells(double[] rates, int[] epochs, Func<double, int, double> score, double original, int seed = 1) =>
    [
        Cell(new StudyCase(StudyMethod.Original, 0, 0, Precision.Float32, seed), original),
        .. rates.SelectMany(r => epochs.Select(k => Cell(new StudyCase(StudyMethod.Structured, r, k, Precision.Float32, seed), score(r, k)))),
    ];

    /// <summary>A whole study over two seeds, with a failed cell and hostile words.</summary>
    public static StudyReport Small() => Small(Precision.Float32, Precision.Int8);

    /// <summary>The same in some precisions.</summary>
    public static StudyReport Small(params Precision[] precisions)
    {
        var options = new StudyOptions { Rates = [0.5, 0.9], Epochs = [0, 1], Seeds = [1, 2], Precisions = precisions }.Complete();
        List<StudyCell> cells = [.. StudyGrid.Expand(options).Select(c => Cell(c, Score(c), IsFailed(c) ? "EP1107: It <failed>, \"twice\"." : null))];
        return new StudyReport
        {
            Model = "mnist-cnn",
            ModelSha256 = new string('a', 64),
            SamplesSha256 = new string('b', 64),
            Metric = "top-1 accuracy, percent",
            Options = options,
            Rows = StudyRow.Of(cells),
            Epochs = EpochFit.Of(cells, options.Tolerance),
            Cells = cells,
            Notes = ["'0.json' is damaged and is measured again."],
        };
    }

    private static bool IsFailed(StudyCase cell) => cell is { Method: StudyMethod.Structured, Rate: 0.9, Epochs: 1 } && (cell.Seed == 2 || cell.Precision == Precision.Int8);

    private static double Score(StudyCase cell) =>
        99.14 - (Math.Pow(cell.Rate, 4) * (cell.Method == StudyMethod.Structured ? 20 : 3) / (1 + (4 * cell.Epochs))) - (cell.Precision == Precision.Int8 ? 0.05 : 0) - (0.02 * (cell.Seed - 1));

    private static StudyCell Cell(StudyCase cell, double score, string? failure = null)
    {
        var kept = cell.Method == StudyMethod.Structured ? (1 - cell.Rate) * (1 - cell.Rate) : 1;
        var parameters = (long)(421_642 * kept);
        return failure is not null
            ? new StudyCell(cell) { Failure = new StudyFailure(1107, failure) }
            : new StudyCell(cell)
            {
                Figures = new StudyFigures(
                    score, 1000, cell.Precision == Precision.Int8 ? parameters + 8_000 : (4 * parameters) + 3_000, parameters, parameters,
                    cell.Method == StudyMethod.Unstructured ? (long)(parameters * (1 - cell.Rate)) : parameters, new string('c', 64)),
                Time = new StudyTime(TimeSpan.FromMicroseconds(200 * kept), cell is { Method: StudyMethod.Unstructured, Rate: 0.9 } ? RunValidity.Suspect : RunValidity.Valid, TimeSpan.FromMicroseconds(230 * kept)),
            };
    }
}
