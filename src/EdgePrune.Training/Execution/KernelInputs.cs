using TorchSharp;

namespace EdgePrune.Training;

/// <summary>One node as a computation: its inputs to its outputs, recorded for gradients.</summary>
/// <param name="inputs">The node's inputs.</param>
/// <returns>The outputs in the node's order.</returns>
internal delegate torch.Tensor[] Kernel(KernelInputs inputs);

/// <summary>The tensors that a node reads, by its input slots.</summary>
/// <param name="slots">All values of the graph that are computed so far.</param>
/// <param name="indices">The slot of each input, -1 where it is left out.</param>
internal readonly struct KernelInputs(torch.Tensor?[] slots, int[] indices)
{
    public int Count => indices.Length;

    public torch.Tensor this[int input] => slots[indices[input]]!;

    public torch.Tensor? Find(int input) => input < indices.Length && indices[input] >= 0 ? slots[indices[input]] : null;
}
