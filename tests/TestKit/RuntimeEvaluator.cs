using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Computes constants with ONNX Runtime.</summary>
public sealed class RuntimeEvaluator : INodeEvaluator
{
    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Evaluate(Model model) => Runtime.Run(model, new Dictionary<string, Tensor>());
}
