using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Training in this process, on samples of one's own.</summary>
/// <param name="samples">What is learnt from.</param>
/// <param name="settings">Validation and checkpoint, or null for none. Its progress is used where a call has none.</param>
public sealed class TorchTrainer(ISampleSource samples, FineTuneSettings? settings = null) : ITrainer
{
    /// <inheritdoc/>
    public TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken)
    {
        var around = settings ?? new FineTuneSettings();
        var trained = new FineTuner().Run(student, samples, aids, recipe, around with { Progress = progress ?? around.Progress }, cancellationToken);
        return trained.Summary.End != TrainingEnd.Cancelled ? trained : throw new OperationCanceledException(trained.Summary.Reason, cancellationToken);
    }

    /// <inheritdoc/>
    public GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken) =>
        GradientMeasurement.Run(analysis, samples, recipe, cancellationToken);
}
