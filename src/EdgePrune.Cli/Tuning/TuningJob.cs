using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>Everything a search needs but the device.</summary>
internal sealed record TuningJob
{
    /// <summary>The model.</summary>
    public required Model Model { get; init; }
    /// <summary>Samples for statistics and calibration.</summary>
    public required ISampleSource Samples { get; init; }
    /// <summary>What scores candidates.</summary>
    public required IEvaluator Evaluator { get; init; }
    /// <summary>Budget and limits of the search.</summary>
    public required TuningOptions Options { get; init; }
    /// <summary>Who trains candidates, or null when nobody does.</summary>
    public ITrainer? Trainer { get; init; }
    /// <summary>Samples that training does not see, or null.</summary>
    public ISampleSource? HeldOut { get; init; }
    /// <summary>Folder for the results.</summary>
    public required string OutputFolder { get; init; }
}
