using TorchSharp;

namespace EdgePrune.Training;

/// <summary>One node as a computation: its inputs to its outputs, recorded for gradients.</summary>
/// <param name="inputs">The node's inputs.</param>
/// <returns>The outputs in the node's order; tensors of its own, or inputs passed on.</returns>
internal delegate torch.Tensor[] Kernel(KernelInputs inputs);

/// <summary>The tensors that a node reads, by its input slots.</summary>
/// <param name="slots">All values of the graph that are computed so far.</param>
/// <param name="indices">The slot of each input, -1 where it is left out.</param>
/// <param name="mode">How the graph runs.</param>
internal readonly struct KernelInputs(torch.Tensor?[] slots, int[] indices, ExecutionMode mode)
{
    public int Count => indices.Length;

    /// <summary>How the graph runs.</summary>
    public ExecutionMode Mode => mode;

    public torch.Tensor this[int input] => slots[indices[input]]!;

    public torch.Tensor? Find(int input) => input < indices.Length && indices[input] >= 0 ? slots[indices[input]] : null;
}
