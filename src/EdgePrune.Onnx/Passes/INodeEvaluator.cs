namespace EdgePrune.Onnx;

/// <summary>Computes constants: a runtime that can run a model.</summary>
public interface INodeEvaluator
{
    /// <summary>Runs a model that has no inputs.</summary>
    /// <param name="model">The model; all its tensors are dense numbers.</param>
    /// <returns>Its outputs in the graph's order.</returns>
    IReadOnlyList<Tensor> Evaluate(Model model);
}
