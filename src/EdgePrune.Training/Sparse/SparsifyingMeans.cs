using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>What makes channels or weights die while a graph learns: penalties, and actions after each step.</summary>
internal sealed class SparsifyingMeans : IDisposable
{
    private readonly IDisposable? _owned;

    private SparsifyingMeans(IDisposable? owned = null) => _owned = owned;

    public IReadOnlyList<IPenalty> Penalties { get; private init; } = [];

    public IReadOnlyList<IStepAction> Actions { get; private init; } = [];

    /// <summary>Tensors that belong to the state of the run.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Kept { get; private init; } = new Dictionary<string, torch.Tensor>();

    /// <summary>Names of the weights that masks make zero.</summary>
    public IReadOnlyList<string> Masked { get; private init; } = [];

    /// <summary>The means of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="graph">The graph that learns.</param>
    /// <param name="analysis">Its groups, for methods of channels.</param>
    /// <exception cref="ModelException">The model has nothing that the method works on.</exception>
    public static SparsifyingMeans For(SparseTrainingRecipe recipe, TorchGraph graph, ModelAnalysis? analysis) => recipe.Method switch
    {
        SparseTrainingMethod.L1 => new() { Penalties = [new WeightNorm(Weights(graph), 1, recipe.PenaltyStrength)] },
        SparseTrainingMethod.L2 => new() { Penalties = [new WeightNorm(Weights(graph), 2, recipe.PenaltyStrength)] },
        SparseTrainingMethod.GroupLasso => Lasso(recipe, graph, analysis!),
        SparseTrainingMethod.BatchNormScale => new() { Penalties = [new WeightNorm(Scales(graph, analysis!), 1, recipe.PenaltyStrength)] },
        SparseTrainingMethod.GradualMasks => Masks(recipe, graph),
        _ => new(),
    };

    public void Dispose() => _owned?.Dispose();

    private static SparsifyingMeans Lasso(SparseTrainingRecipe recipe, TorchGraph graph, ModelAnalysis analysis)
    {
        if (analysis.Groups.Count == 0)
        {
            throw new ModelException(ErrorCode.NothingToPrune, $"No channel of '{analysis.Model.Name}' can be removed, so that group lasso has nothing to work on. {string.Join(" ", analysis.Pins.Take(3))}");
        }

        var shrink = new GroupShrink(graph, analysis, recipe.Strength, recipe.Training);
        return new SparsifyingMeans(shrink) { Actions = [shrink] };
    }

    private static SparsifyingMeans Masks(SparseTrainingRecipe recipe, TorchGraph graph)
    {
        IReadOnlyList<string> names = MaskableWeights.Of(graph.Source);
        var masks = new GradualMasks(graph, names, recipe.Rate);
        return new SparsifyingMeans(masks) { Actions = [masks], Kept = masks.Kept, Masked = names };
    }

    private static Parameter[] Weights(TorchGraph graph) => [.. graph.Parameters.Values.Where(p => p.dim() > 1)];

    private static Parameter[] Scales(TorchGraph graph, ModelAnalysis analysis)
    {
        var free = analysis.Groups.SelectMany(g => g.Axes).Select(a => a.Value.Name).ToHashSet();
        Parameter[] scales =
        [
            .. graph.Graph.Nodes.Where(n => n is { OperatorType: "BatchNormalization", Domain: "" })
                .Select(n => n.Input(1)!.Name).Where(n => free.Contains(n) && graph.Parameters.ContainsKey(n)).Distinct().Select(n => graph.Parameters[n]),
        ];
        return scales.Length > 0 ? scales : throw new ModelException(ErrorCode.NothingToPrune,
            $"'{graph.Source.Name}' has no batch normalization over channels that can be removed; it may be folded into the layers already. Train with group lasso instead.");
    }
}
