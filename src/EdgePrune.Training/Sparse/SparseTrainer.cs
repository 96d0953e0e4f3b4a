using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Trains a model so that a share of it can go, from its own weights or from new ones, and removes that share.</summary>
/// <remarks>
/// Channels go from the trained model as in any prune: by a plan, with the removal proof, and with repair from the samples. Those
/// that died go whatever the rate is; the rate is filled up by the criterion that matches the method.
/// </remarks>
public sealed class SparseTrainer
{
    /// <summary>Trains and prunes.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="samples">Samples with a class each.</param>
    /// <param name="recipe">How.</param>
    /// <param name="settings">Validation, checkpoint and progress, or null for none.</param>
    /// <param name="cancellation">Stops after the present step; what was learnt is kept, and nothing is removed.</param>
    /// <returns>The model. Running out of numbers or being cancelled is a result.</returns>
    /// <exception cref="InputException">Recipe, samples, labels or checkpoint do not fit, memory ran out, or libtorch cannot be loaded.</exception>
    /// <exception cref="ModelException">The model has an operator that cannot be trained, or nothing that the method works on.</exception>
    public SparseTraining Run(Model model, ISampleSource samples, SparseTrainingRecipe recipe, FineTuneSettings? settings = null, CancellationToken cancellation = default)
    {
        RecipeFaults.Require(recipe.Validate(), "training with pruning");
        recipe = recipe with { Training = recipe.Training.For(model, null) };
        LibTorch.Prepare(recipe.Training.Threads);
        var analysis = IsStructured(recipe) ? ModelAnalysis.ForTraining(model) : null;
        var start = analysis?.Model ?? model;
        using var graph = new TorchGraph(recipe.FromScratch ? FirstWeights.Draw(start, recipe.Training.Seed) : start);
        using var means = SparsifyingMeans.For(recipe, graph, analysis);
        var surroundings = settings ?? new FineTuneSettings();
        using var run = new TrainingRun(new TrainingTask(graph, samples, new ClassificationObjective(graph, samples.Labels, samples.Count), Options(recipe))
        {
            Penalties = means.Penalties,
            Actions = means.Actions,
            Kept = means.Kept,
            Phase = "training",
            Validation = surroundings.Validation,
            Progress = surroundings.Progress,
            Clock = surroundings.Clock,
            Checkpoint = Place(model, samples, recipe, surroundings),
        });
        var summary = run.Execute(cancellation);
        var trained = graph.Export();
        var mask = means.Masked.Count > 0 ? SparsityMask.Of(trained, means.Masked) : null;
        return analysis is null || summary.End is TrainingEnd.Diverged or TrainingEnd.Cancelled
            ? new SparseTraining(trained, summary, mask, null)
            : Prune(trained, samples, recipe, summary, cancellation);
    }

    private static SparseTraining Prune(Model trained, ISampleSource samples, SparseTrainingRecipe recipe, TrainingFinished summary, CancellationToken cancellation)
    {
        var pipeline = new CompressionPipeline(trained, samples);
        var options = new CompressionOptions { Rate = recipe.Rate, Criterion = Criterion(recipe.Method), Seed = recipe.Training.Seed };
        var plan = pipeline.Plan(options);
        if (recipe.Method != SparseTrainingMethod.None)
        {
            plan = DeadChannels.Add(plan, pipeline.Analysis, DeadChannels.Of(pipeline.Analysis, recipe.Method));
        }

        if (plan.Groups.All(g => g.Remove.Count == 0))
        {
            return new SparseTraining(trained, summary, null, null);
        }

        var removal = pipeline.Apply(plan, options, null, cancellation);
        var (before, after) = (removal.Widths.Sum(w => w.Before), removal.Widths.Sum(w => w.After));
        return new SparseTraining(removal.Model, summary with { Note = $"{before - after} of {before} channels were removed." }, null, removal);
    }

    private static bool IsStructured(SparseTrainingRecipe recipe) => recipe.Method switch
    {
        SparseTrainingMethod.None => recipe.Rate > 0,
        SparseTrainingMethod.GradualMasks => false,
        _ => true,
    };

    private static string Criterion(SparseTrainingMethod method) => method switch
    {
        SparseTrainingMethod.L1 => "l1",
        SparseTrainingMethod.L2 or SparseTrainingMethod.GroupLasso => "l2",
        SparseTrainingMethod.BatchNormScale => "bn",
        _ => CompressionOptions.AutomaticCriterion,
    };

    // New weights have no statistics yet that could be trusted.
    private static TrainingOptions Options(SparseTrainingRecipe recipe) => recipe.FromScratch ? recipe.Training with { LiveStatistics = true } : recipe.Training;

    private static CheckpointPlace? Place(Model model, ISampleSource samples, SparseTrainingRecipe recipe, FineTuneSettings settings) => settings.Checkpoint is not { } path ? null : new CheckpointPlace(path, new RunIdentity(
    [
        RunIdentity.Of("model", model),
        RunIdentity.Of("recipe", JsonSerializer.SerializeToUtf8Bytes(recipe, TrainingJson.Default.SparseTrainingRecipe)),
        RunIdentity.Of("samples", samples),
        .. settings.Validation is { } validation ? [RunIdentity.Of("validation", validation)] : Array.Empty<IdentityPart>(),
    ]));
}
