using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Trains a model further, such as after pruning: by labels, or by the answers of a teacher.</summary>
public sealed class FineTuner
{
    /// <summary>Fine-tunes a model. A softmax at its end is seen through.</summary>
    /// <param name="student">The model; it is not changed.</param>
    /// <param name="samples">What is learnt from. Labels are needed unless the recipe distils without them.</param>
    /// <param name="aids">The teacher and the zeros to keep.</param>
    /// <param name="recipe">How.</param>
    /// <param name="settings">Validation, checkpoint and progress, or null for none.</param>
    /// <param name="cancellation">Stops after the present step; what was learnt is kept.</param>
    /// <returns>The model with what was learnt, and how it came to its end. Running out of numbers or being cancelled is a result.</returns>
    /// <exception cref="InputException">Recipe, samples, labels, mask or checkpoint do not fit, memory ran out, or libtorch cannot be loaded.</exception>
    /// <exception cref="ModelException">The model has an operator that cannot be trained, nothing to learn, or outputs that do not fit the recipe.</exception>
    public TrainedModel Run(
        Model student, ISampleSource samples, TrainingAids aids, FineTuneRecipe recipe, FineTuneSettings? settings = null, CancellationToken cancellation = default)
    {
        RecipeFaults.Require(recipe.Validate(), "fine-tuning");
        SampleSources.RequireSome(samples.Count, "The source");
        recipe = recipe with { Training = recipe.Training.For(student, aids.Teacher) };
        LibTorch.Prepare(recipe.Training.Threads);
        var around = settings ?? new FineTuneSettings();
        using var graph = QuantizedStart.Build(student, samples, recipe, cancellation);
        using var mask = aids.Mask is null ? null : new MaskAction(graph, aids.Mask);
        using var teaching = Teaching(graph, samples, aids, recipe);
        using var agreement = teaching is null || (around.Validation ?? samples).Labels is not null ? null : new AgreementScore(aids.Teacher!, recipe.Training.Threads);
        using var run = new TrainingRun(new TrainingTask(graph, samples, (IObjective?)teaching ?? new ClassificationObjective(graph, samples.Labels, samples.Count), recipe.Training)
        {
            Phase = teaching is null ? "fine-tuning" : "distillation",
            Actions = mask is null ? [] : [mask],
            Validation = around.Validation,
            Score = agreement,
            Progress = around.Progress,
            Clock = around.Clock,
            Checkpoint = Place(student, samples, aids, recipe, around),
        });
        var summary = run.Execute(cancellation);
        return new TrainedModel(graph.Export(), summary with { Note = teaching?.Note });
    }

    private static DistillationObjective? Teaching(TorchGraph graph, ISampleSource samples, TrainingAids aids, FineTuneRecipe recipe) =>
        recipe.Distillation is null ? null
        : new DistillationObjective(graph, aids.Teacher ?? throw new InputException(ErrorCode.InvalidOption, "Distillation has no teacher. Give the model to learn from, such as the original before pruning."), samples, recipe);

    private static CheckpointPlace? Place(Model student, ISampleSource samples, TrainingAids aids, FineTuneRecipe recipe, FineTuneSettings settings)
    {
        if (settings.Checkpoint is not { } path)
        {
            return null;
        }

        List<IdentityPart> parts =
        [
            RunIdentity.Of("model", student),
            RunIdentity.Of("recipe", JsonSerializer.SerializeToUtf8Bytes(recipe, TrainingJson.Default.FineTuneRecipe)),
            RunIdentity.Of("samples", samples),
        ];
        if (settings.Validation is not null)
        {
            parts.Add(RunIdentity.Of("validation", settings.Validation));
        }

        if (aids.Teacher is not null)
        {
            parts.Add(RunIdentity.Of("teacher", aids.Teacher));
        }

        if (aids.Mask is not null)
        {
            parts.Add(RunIdentity.Of("mask", System.Text.Encoding.UTF8.GetBytes(SparsityMaskFile.Print(aids.Mask))));
        }

        return new CheckpointPlace(path, new RunIdentity(parts));
    }
}
