using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Everything a search needs but the device.</summary>
internal sealed record TuningJob
{
    /// <summary>The model, the samples and the options, found fit for a search.</summary>
    public required TuningStart Start { get; init; }
    /// <summary>What scores candidates.</summary>
    public required IEvaluator Evaluator { get; init; }
    /// <summary>Who trains candidates, or null when nobody does.</summary>
    public ITrainer? Trainer { get; init; }
    /// <summary>Samples that training does not see, or null.</summary>
    public ISampleSource? HeldOut { get; init; }
    /// <summary>Folder for the results.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>Folder for the state of a hub and an agent on this machine.</summary>
    public string StateFolder => Path.Combine(OutputFolder, "agent");
}
