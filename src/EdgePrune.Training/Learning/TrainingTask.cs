using EdgePrune.Host;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>What a <see cref="TrainingRun"/> does: which weights learn what, from which samples, and how.</summary>
/// <param name="Graph">The model; its weights are changed in place.</param>
/// <param name="Samples">All samples to learn from; a validation share is taken out of them.</param>
/// <param name="Objective">The loss.</param>
/// <param name="Options">Epochs, learning rate and the like; sound.</param>
internal sealed record TrainingTask(TorchGraph Graph, ISampleSource Samples, IObjective Objective, TrainingOptions Options)
{
    /// <summary>What is added to the loss once a step.</summary>
    public IReadOnlyList<IPenalty> Penalties { get; init; } = [];

    /// <summary>What is done after each step, in this order; and once with the last step's number when the best weights were taken back.</summary>
    public IReadOnlyList<IStepAction> Actions { get; init; } = [];

    /// <summary>Tensors that change while training and belong to the weights, such as ranges that are followed; by unique names. They are kept in checkpoints and go back with the weights.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Kept { get; init; } = new Dictionary<string, torch.Tensor>();

    /// <summary>Samples for the score after each epoch, or null to take <see cref="TrainingOptions.ValidationShare"/> of <see cref="Samples"/>.</summary>
    public ISampleSource? Validation { get; init; }

    /// <summary>The score after each epoch, or null for the accuracy by labels.</summary>
    public IScore? Score { get; init; }

    /// <summary>What progress calls it.</summary>
    public string Phase { get; init; } = "training";

    /// <summary>Told of every step and epoch, or null.</summary>
    public IProgress<TrainingLine>? Progress { get; init; }

    /// <summary>Where the state is kept so that an interrupted run goes on, or null.</summary>
    public CheckpointPlace? Checkpoint { get; init; }

    /// <summary>Tells the time left and when a checkpoint is due.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
