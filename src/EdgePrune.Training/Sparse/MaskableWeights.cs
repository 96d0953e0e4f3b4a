using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>The weights of a model that single zeros may be put into: those that contractions multiply with, and nothing else does.</summary>
internal static class MaskableWeights
{
    /// <summary>Their names, in the graph's order.</summary>
    /// <param name="model">A model whose constants are initializers.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.NothingToPrune"/>: there is none.</exception>
    public static IReadOnlyList<string> Of(Model model)
    {
        var (layers, untouched) = SparsityLayers.Find(model.Graph, ShapeProbe.Complete(model, ShapeInference.Infer(model.Graph)));
        return layers.Count > 0 ? [.. layers.Select(l => l.Weight.Name)] : throw new ModelException(ErrorCode.NothingToPrune,
            $"No weight of '{model.Name}' can be made sparse. {string.Join(" ", untouched.Take(3))} Weights must be constants that convolutions or matrix products use.");
    }
}
