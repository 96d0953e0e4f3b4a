using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>A compiled node: where it reads, what it does, where it writes.</summary>
/// <param name="node">The node, for messages.</param>
/// <param name="kernel">What it does.</param>
/// <param name="inputs">Slots it reads, -1 where an input is left out.</param>
/// <param name="outputs">Slots it writes, -1 where an output is left out.</param>
internal sealed class GraphStep(Node node, Kernel kernel, int[] inputs, int[] outputs)
{
    private Func<torch.Tensor, torch.Tensor>?[]? _transforms;

    public Node Node => node;

    public int[] Outputs => outputs;

    public int[] Inputs => inputs;

    /// <summary>Slots of computed values that no later step reads.</summary>
    public int[] LastReads { get; set; } = [];

    /// <summary>Changes what the step reads at one input; null for no change any more.</summary>
    public void Transform(int input, Func<torch.Tensor, torch.Tensor>? transform)
    {
        var transforms = _transforms ?? new Func<torch.Tensor, torch.Tensor>?[inputs.Length];
        transforms[input] = transform;
        _transforms = Array.TrueForAll(transforms, t => t is null) ? null : transforms;
    }

    /// <summary>Computes the outputs.</summary>
    public torch.Tensor[] Compute(torch.Tensor?[] slots, ExecutionMode mode)
    {
        if (_transforms is null)
        {
            return kernel(new KernelInputs(slots, inputs, mode));
        }

        var (changed, indices) = (new torch.Tensor?[inputs.Length], new int[inputs.Length]);
        for (var i = 0; i < inputs.Length; i++)
        {
            indices[i] = inputs[i] < 0 ? -1 : i;
            changed[i] = inputs[i] < 0 ? null : _transforms[i] is { } transform ? transform(slots[inputs[i]]!) : slots[inputs[i]];
        }

        return kernel(new KernelInputs(changed, indices, mode));
    }

    /// <summary>Whether a tensor is one of those that the step reads.</summary>
    public bool Reads(torch.Tensor tensor, torch.Tensor?[] slots)
    {
        foreach (var slot in inputs)
        {
            if (slot >= 0 && ReferenceEquals(slots[slot], tensor))
            {
                return true;
            }
        }

        return false;
    }
}
