using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>How fine-tuning came to its end.</summary>
public enum FineTuneOutcome
{
    /// <summary>All epochs were run.</summary>
    Completed,
    /// <summary>The loss stopped being a number; the model has the last weights that gave one.</summary>
    Diverged,
    /// <summary>It was cancelled; the model has the weights learnt until then.</summary>
    Cancelled,
}

/// <summary>What fine-tuning gave.</summary>
/// <param name="Model">The model with what was learnt. Its weights give a finite loss unless the original's did not.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Steps">Steps whose learning is in the model.</param>
/// <param name="EpochLosses">Mean loss of every epoch that was run to its end.</param>
/// <param name="Reason">Why it ended early, where, and what to do; null when it completed.</param>
public sealed record FineTuneResult(Model Model, FineTuneOutcome Outcome, int Steps, IReadOnlyList<double> EpochLosses, string? Reason = null);
