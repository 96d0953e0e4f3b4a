using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>How a family of operators runs in libtorch. To add one: a class here, a line in <see cref="TorchOperatorRegistry"/>, a test.</summary>
internal abstract class TorchOperator
{
    /// <summary>The operators' types.</summary>
    public abstract IReadOnlyList<string> Types { get; }

    /// <summary>The operators' domain; empty for the standard one.</summary>
    public virtual string Domain => "";

    /// <summary>How many outputs may be read.</summary>
    public virtual int OutputCount => 1;

    /// <summary>Why a node of these types cannot run, as the end of a sentence that starts with the node; null when it can.</summary>
    public virtual string? Refusal(Node node) => null;

    /// <summary>Whether a constant at an input is a weight to learn.</summary>
    public virtual bool Learns(Node node, int input) => true;

    /// <summary>Reads the node's attributes once and gives what runs for each batch.</summary>
    public abstract Kernel Compile(Node node);

    protected static Kernel One(Func<KernelInputs, torch.Tensor> compute) => x => [compute(x)];

    protected static Kernel Unary(Func<torch.Tensor, torch.Tensor> compute) => x => [compute(x[0])];
}
