namespace EdgePrune.Host;

/// <summary>What a study measured: its table, every cell, and how many epochs the rates need.</summary>
public sealed record StudyReport
{
    /// <summary>Version of the format. <value>Default: 1.</value></summary>
    public int Format { get; set; } = 1;
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>SHA-256 of the model.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>SHA-256 of the samples that scores rest on, or <c>none</c> when the evaluator has its own.</summary>
    public required string SamplesSha256 { get; init; }
    /// <summary>What the scores are, such as <c>top-1 accuracy, percent</c>.</summary>
    public required string Metric { get; init; }
    /// <summary>The grid, and how its models were made.</summary>
    public required StudyOptions Options { get; init; }
    /// <summary>The table: cells that differ in nothing but their seed are one row.</summary>
    public required IReadOnlyList<StudyRow> Rows { get; init; }
    /// <summary>How many epochs the rates need, one curve a method; empty when nothing was trained.</summary>
    public required IReadOnlyList<EpochCurve> Epochs { get; init; }
    /// <summary>Every cell, in the order of the table.</summary>
    public required IReadOnlyList<StudyCell> Cells { get; init; }
    /// <summary>What should be known when reading: ignored files, times that were not measured.</summary>
    public IReadOnlyList<string> Notes { get; set; } = [];

    internal static StudyReport Of(StudyInputs inputs, StudyOptions options, StudyKeys keys, IReadOnlyList<StudyCell> cells, IReadOnlyList<string> notes) => new()
    {
        Model = inputs.Model.Name,
        ModelSha256 = keys.Model,
        SamplesSha256 = keys.Samples,
        Metric = inputs.Evaluator.Metric,
        Options = options,
        Rows = StudyRow.Of(cells),
        Epochs = EpochFit.Of(cells, options.Tolerance),
        Cells = cells,
        Notes = notes,
    };
}
