using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Measures what the loss says of every channel of every group: gates of 1 stand where the removal proof takes channels away, and the
/// gradient of the cross-entropy by them is what the loss would change by, to first order, if the channel went.
/// </summary>
/// <remarks>
/// The samples of a batch are told apart by their place along the first axis of what is read. Where that is not everywhere the batch, as
/// behind a reshape or at a recurrent layer's state, samples are run one by one, with the same result.
/// </remarks>
public static class GradientMeasurement
{
    private const int Batch = 64;

    /// <summary>Measures gradients.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="samples">Samples, with a class each unless the recipe draws its own.</param>
    /// <param name="recipe">How many samples, and which classes.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The scores of all groups.</returns>
    /// <exception cref="InputException">Samples, labels or the recipe do not fit, or libtorch cannot be loaded.</exception>
    /// <exception cref="ModelException">The model has an operator that cannot be trained, or an output that is no score for each class.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static GradientScores Run(ModelAnalysis analysis, ISampleSource samples, GradientRecipe recipe, CancellationToken cancellationToken)
    {
        Require(samples, recipe);
        using var graph = new TorchGraph(analysis.Model);
        var drawn = SampleSubset.Random(samples, recipe.Samples, recipe.Seed);
        var labels = recipe.OwnLabels ? OwnLabels.Draw(graph, drawn, recipe.Seed) : drawn.Labels!;
        var (sites, unseen) = GateSite.In(analysis);
        var gates = new ChannelGates(graph, analysis, sites);
        var sums = analysis.Groups.Select(g => new GradientSums(g, sites)).ToList();
        var objective = new ClassificationObjective(graph, labels, drawn.Count);
        foreach (var (feeds, start, count) in new SampleFeeder(graph.Source, drawn, CanTellApart(graph, gates, drawn) ? Batch : 1).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            gates.Open(count);
            var gradients = gates.Gradients(objective.Loss(new TrainingBatch(feeds, [.. Enumerable.Range(start, count)])) * count);
            sums.ForEach(s => s.Add(gradients, count));
        }

        return new GradientScores([.. sums.Select(s => s.Result(unseen))], drawn.Count);
    }

    // Two batches of different size show whether a first axis is that of the samples.
    private static bool CanTellApart(TorchGraph graph, ChannelGates gates, SampleSubset samples)
    {
        if (gates.Sites.Any(s => s.IsWeight || s.Axis.Axis == 0) || samples.Count < 3)
        {
            return false;
        }

        foreach (var size in new[] { 2, 3 })
        {
            using var scope = torch.NewDisposeScope();
            using var frozen = torch.no_grad();
            gates.Open(1);
            graph.Forward(new SampleFeeder(graph.Source, samples, size).Batches().First().Feeds);
            if (gates.Leading.Any(l => l != size))
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(ISampleSource samples, GradientRecipe recipe)
    {
        if (recipe.Samples < 1)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The recipe of gradients has a fault: samples is {recipe.Samples}; it must be at least 1.");
        }

        if (!recipe.OwnLabels && samples.Labels is null)
        {
            throw new InputException(ErrorCode.LabelMismatch, "The samples have no labels, and gradients of the loss need a class for each. Give labels, or take a criterion without, such as 'fisher'.");
        }
    }
}
