using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Brings a model into the form that everything else works on: weights in initializers wherever they were, constants
/// folded, batch normalization folded into the layer before it, a bias of its own for every layer, nothing unused.
/// </summary>
public static class ModelNormalizer
{
    private static readonly IGraphPass[] Passes =
    [
        new ConstantNodesToInitializers(),
        new ConstantFolding(new RuntimeNodeEvaluator()),
        new ShapeArguments(),
        new IdentityElimination(),
        new ShuffleToGather(),
    ];

    private static readonly IGraphPass[] LayerPasses =
    [
        new BatchNormFolding(),
        new UnusedNodes(),
        new OwnBiases(),
        new UniqueNodeNames(),
    ];

    /// <summary>A normalised copy of a model; outputs stay the same up to float rounding.</summary>
    /// <param name="model">The model as it was loaded.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="Contracts.ModelException">The model is inconsistent or ONNX Runtime cannot run a part of it.</exception>
    public static Model Normalize(Model model)
    {
        var copy = model.Clone();
        NormalizeInPlace(copy);
        return copy;
    }

    /// <summary>Normalises a model itself, so that its old weights need no memory beside the new ones.</summary>
    /// <param name="model">The model; changed in place.</param>
    /// <exception cref="Contracts.ModelException">The model is inconsistent or ONNX Runtime cannot run a part of it.</exception>
    public static void NormalizeInPlace(Model model) => NormalizeInPlace(model, new BatchNormScales());

    /// <summary>The same, keeping what folding takes away.</summary>
    internal static void NormalizeInPlace(Model model, BatchNormScales scales) => PassSequence.Run(model, [.. Passes, scales, .. LayerPasses]);

    /// <summary>A copy for training: the same without what training must still see, batch normalization.</summary>
    internal static Model ForTraining(Model model)
    {
        var copy = model.Clone();
        PassSequence.Run(copy, [.. Passes, new UnusedNodes(), new UniqueNodeNames()]);
        return copy;
    }
}
