using System.Collections.Concurrent;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Makes the models of a study: pruned, trained, brought into other precisions.</summary>
internal sealed class StudyModels(StudyInputs inputs, StudyOptions options)
{
    private readonly ConcurrentDictionary<int, CompressionPipeline> _pipelines = [];

    /// <summary>The model before any training. One at a time.</summary>
    public async Task<StudyModel> PruneAsync(StudyCase cell, CancellationToken cancellationToken) => cell.Method switch
    {
        StudyMethod.Original => new StudyModel(inputs.Model, null),
        StudyMethod.Unstructured => await Task.Run(() => Sparsify(cell, cancellationToken), cancellationToken).ConfigureAwait(false),
        _ => new StudyModel((await Pipeline(cell.Seed).RunAsync(Compression(cell), null, cancellationToken).ConfigureAwait(false)).Model, null),
    };

    /// <summary>A pruned model trained further. Several at a time.</summary>
    /// <exception cref="InputException">There is no trainer, or training was stopped from outside.</exception>
    public StudyModel Train(StudyModel pruned, StudyCase cell, CancellationToken cancellationToken)
    {
        var trainer = inputs.Trainer ?? throw new InputException(ErrorCode.TrainingUnavailable, $"'{cell.Name}' needs training, and there is no trainer. Leave out the epochs above 0, or give a trainer.");
        var training = options.Recipe.Training with { Epochs = cell.Epochs, Seed = cell.Seed };
        var recipe = options.Recipe with { Training = training.For(pruned.Model, inputs.Model) };
        var aids = new TrainingAids(recipe.Distillation is null ? null : inputs.Model, pruned.Mask);
        var (model, summary) = trainer.FineTune(pruned.Model, aids, recipe, null, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return summary.End == TrainingEnd.Cancelled
            ? throw new InputException(ErrorCode.TrainingUnavailable, $"Training of '{cell.Name}' was stopped from outside: {summary.Reason} Run the study again; finished cells are kept.")
            : new StudyModel(model, pruned.Mask, summary.Reason);
    }

    /// <summary>A float model in the precision of a cell.</summary>
    public Task<PreciseModel> ChangeAsync(StudyModel model, StudyCase cell, CancellationToken cancellationToken)
    {
        var quantization = new QuantizationOptions { SignedActivations = options.SignedActivations };
        return Task.Run(
            () => PrecisionTable.Of(cell.Precision).Make(model.Model, () => new CalibrationInput(SampleSubset.Random(inputs.Fitted, options.CalibrationSamples, cell.Seed), quantization), cancellationToken),
            cancellationToken);
    }

    private StudyModel Sparsify(StudyCase cell, CancellationToken cancellationToken)
    {
        var sparsity = new SparsityOptions { Rate = cell.Rate, Method = SparsityMethod.Magnitude, Scope = options.Scope };
        var result = Sparsifier.Apply(inputs.Model, null, sparsity, null, cancellationToken);
        return new StudyModel(result.Model, result.Mask);
    }

    // Statistics are those of one draw of samples, so each seed has a pipeline of its own.
    private CompressionPipeline Pipeline(int seed) => _pipelines.GetOrAdd(seed, _ => new CompressionPipeline(inputs.Model, inputs.Fitted) { Trainer = inputs.Trainer });

    private CompressionOptions Compression(StudyCase cell) => new()
    {
        Rate = cell.Rate,
        Scope = options.Scope,
        Criterion = options.Criterion,
        CalibrationSamples = options.CalibrationSamples,
        Seed = cell.Seed,
        Repair = cell.Method == StudyMethod.Structured,
    };
}
