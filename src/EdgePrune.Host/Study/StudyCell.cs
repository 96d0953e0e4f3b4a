namespace EdgePrune.Host;

/// <summary>One model of a study and what was measured of it.</summary>
/// <param name="Case">Which model.</param>
public sealed record StudyCell(StudyCase Case)
{
    /// <summary>What was measured, or null when the cell failed.</summary>
    public StudyFigures? Figures { get; init; }

    /// <summary>How long an inference takes, or null when it was not measured. One model stands for all of its method, rate and precision.</summary>
    public StudyTime? Time { get; init; }

    /// <summary>Why there are no figures, or null when there are.</summary>
    public StudyFailure? Failure { get; init; }
}

/// <summary>What was measured of a model.</summary>
/// <param name="Score">Points; higher is better.</param>
/// <param name="Samples">Samples the score rests on; 0 when the evaluator does not say.</param>
/// <param name="FileBytes">Bytes of the file.</param>
/// <param name="CompressedBytes">Bytes of the file compressed with zstd at level <see cref="CompressionLevel"/>.</param>
/// <param name="Parameters">Float parameters, before the change of precision.</param>
/// <param name="NonZero">Those of them that are not zero.</param>
/// <param name="ModelSha256">SHA-256 of the file.</param>
public sealed record StudyFigures(double Score, int Samples, long FileBytes, long CompressedBytes, long Parameters, long NonZero, string ModelSha256)
{
    /// <summary>Level of the compression.</summary>
    public const int CompressionLevel = 3;

    /// <summary>Why training ended before its last epoch, or null. <value>Default: null.</value></summary>
    public string? Note { get; set; }

    /// <summary>Why the precision changed nothing, so that the model is in float, or null. <value>Default: null.</value></summary>
    public string? Unchanged { get; set; }
}

/// <summary>Why a cell has no figures.</summary>
/// <param name="Code">Number of the error, an <see cref="Contracts.ErrorCode"/>.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record StudyFailure(int Code, string Message);
