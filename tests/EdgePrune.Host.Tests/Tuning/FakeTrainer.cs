using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>A trainer without gradients: it remembers what it was asked, and gives back what a test wants.</summary>
/// <param name="learn">What becomes of the student.</param>
internal sealed class FakeTrainer(Func<Model, Model> learn) : ITrainer
{
    public List<(Model Student, TrainingAids Aids, FineTuneRecipe Recipe)> Asked { get; } = [];

    /// <summary>Learns nothing and breaks nothing.</summary>
    public static FakeTrainer Idle() => new(m => m.Clone());

    /// <summary>Forgets everything: all weights become zero.</summary>
    public static FakeTrainer Destructive() => new(m =>
    {
        var model = m.Clone();
        var editor = new GraphEditor(model.Graph);
        foreach (var weight in model.Graph.Initializers.Where(i => i.Constant!.ElementType == ElementType.Float32).ToList())
        {
            editor.SetInitializer(weight, weight.Constant!.Map((_, _) => 0));
        }

        return model;
    });

    public TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Add((student, aids, recipe));
        progress?.Report(new TrainingProgress("fine-tuning", 1, 1, 1, 2, 0.5, 1e-3, 3));
        return new TrainedModel(learn(student), new TrainingFinished(TrainingEnd.Completed, 2, [new TrainingEpoch(1, 0.25, 90)], "trained.onnx", null));
    }

    public GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken) =>
        throw new InputException(ErrorCode.TrainingUnavailable, "No gradients here.");
}
