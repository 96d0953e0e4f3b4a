using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>What surrounds a fine-tuning and does not change what is learnt, but for early stopping by the validation samples.</summary>
public sealed record FineTuneSettings
{
    /// <summary>Samples that the score after each epoch is taken on. <value>Default: null, the recipe's share of the samples, or none.</value></summary>
    public ISampleSource? Validation { get; init; }

    /// <summary>
    /// File in which the state is kept: after each epoch, every minute, and when it is cancelled. When the file exists, training goes on from
    /// there, with the same bytes as if it had never been cut off. The file stays when training ends. <value>Default: null, none.</value>
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>Told of every step and epoch. <value>Default: null.</value></summary>
    public IProgress<TrainingLine>? Progress { get; init; }

    /// <summary>Tells the time left. <value>Default: the system's clock.</value></summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
