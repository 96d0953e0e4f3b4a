using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Trains a model further on labelled samples, such as after pruning.</summary>
public sealed class FineTuner
{
    /// <summary>Fine-tunes a model by the cross-entropy of its first output; a softmax at the end is seen through.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="labelled">Samples with a class each.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="progress">Told after every step, or null.</param>
    /// <param name="cancellation">Stops after the present step; what was learnt is kept.</param>
    /// <returns>The model with what was learnt, and how it came to its end. Running out of numbers or being cancelled is a result.</returns>
    /// <exception cref="InputException">Options, samples or labels do not fit, or libtorch cannot be loaded.</exception>
    /// <exception cref="ModelException">The model has an operator that cannot be trained, nothing to learn, or an output that is no score for each class.</exception>
    public FineTuneResult Run(
        Model model, ISampleSource labelled, FineTuneOptions? options = null, IProgress<FineTuneProgress>? progress = null, CancellationToken cancellation = default)
    {
        var settings = options ?? new FineTuneOptions();
        settings.RequireSound();
        var labels = RequireLabels(labelled);
        LibTorch.Prepare(settings.Threads);
        using var graph = new TorchGraph(model);
        if (graph.Parameters.Count == 0)
        {
            throw new ModelException(ErrorCode.InvalidGraph, $"Graph '{model.Graph.Name}' has no float weights, so nothing can be learnt. Fine-tune before quantizing.");
        }

        using var run = new FineTuneRun(graph, labelled, labels, settings);
        return run.Execute(progress, cancellation);
    }

    private static IReadOnlyList<int> RequireLabels(ISampleSource samples)
    {
        if (samples.Count == 0)
        {
            throw new InputException(ErrorCode.NoSamples, "There is no sample to learn from. Give a file or folder that holds at least one.");
        }

        if (samples.Labels is not { } labels)
        {
            throw new InputException(ErrorCode.LabelMismatch, "The samples have no labels, and fine-tuning learns from labels. Give a file with one class for each sample.");
        }

        var bad = labels.Count == samples.Count ? labels.FirstOrDefault(l => l < 0, 0) : -1;
        return bad == 0 ? labels : throw new InputException(ErrorCode.LabelMismatch, labels.Count == samples.Count
            ? $"A label is {bad}; classes are counted from 0. Correct the labels."
            : $"There are {labels.Count} labels for {samples.Count} samples. Give one class for each sample.");
    }
}
