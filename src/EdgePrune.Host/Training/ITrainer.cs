using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Training as the pipeline sees it. The SDK knows no gradients: the project EdgePrune.Training implements this in its own process's memory
/// (<c>TorchTrainer</c>), the tool by starting that project as a process (<c>ProcessTrainer</c>). An implementation knows its samples.
/// </summary>
public interface ITrainer
{
    /// <summary>Trains a model further.</summary>
    /// <param name="student">The model; not changed.</param>
    /// <param name="aids">The teacher and the zeros to keep.</param>
    /// <param name="recipe">How.</param>
    /// <param name="progress">Told of steps and epochs, or null.</param>
    /// <param name="cancellationToken">Stops after the present step.</param>
    /// <returns>The model with what was learnt.</returns>
    /// <exception cref="Contracts.EdgePruneException">Model, samples or recipe do not fit, or this machine cannot train.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken);

    /// <summary>Measures what the loss says of each channel.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="recipe">How.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The scores of all groups.</returns>
    /// <exception cref="Contracts.EdgePruneException">Model, samples or recipe do not fit, or this machine cannot train.</exception>
    GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken);
}

/// <summary>What training takes along beside the model and its samples.</summary>
/// <param name="Teacher">The model to learn from, for distillation; null when labels are enough.</param>
/// <param name="Mask">Zeros that stay zero, or null.</param>
public sealed record TrainingAids(Model? Teacher = null, SparsityMask? Mask = null);

/// <summary>What training gave.</summary>
/// <param name="Model">The model with what was learnt.</param>
/// <param name="Summary">How it ended, with every epoch.</param>
public sealed record TrainedModel(Model Model, TrainingFinished Summary);
