using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A node that ONNX Runtime can run as one integer kernel, with the activation that merges into it.</summary>
/// <param name="Core">The node.</param>
/// <param name="Rule">How its operator is quantized.</param>
internal sealed record QuantizationUnit(Node Core, QuantizationRule Rule)
{
    /// <summary>A Relu or Clip that is the only reader of the core's output, or null.</summary>
    public Node? Activation { get; init; }

    /// <summary>Slots of the core that read activations.</summary>
    public required IReadOnlyList<int> DataInputs { get; init; }

    /// <summary>Slots of the core that read float constants as activations: the constant side of an Add.</summary>
    public IReadOnlyList<int> ConstantInputs { get; init; } = [];

    /// <summary>Where the weight and the bias are, or null without a weight.</summary>
    public WeightSlots? Weight { get; init; }

    /// <summary>Whether the node adds a bias, or can: a Conv or Gemm without one gets one.</summary>
    public bool CanHaveBias => Weight is { Bias: >= 0 } || (Weight is not null && Core.OperatorType is "Conv" or "Gemm");

    /// <summary>What the unit gives to the rest of the graph.</summary>
    public IEnumerable<Value> Outputs => Activation is { } activation ? [activation.Output] : Core.Outputs.OfType<Value>();

    /// <summary>The activations that the unit reads.</summary>
    public IEnumerable<Value> Inputs => DataInputs.Select(i => Core.Input(i)!);

    /// <summary>Whether the integer kernel can hand out floats itself, without a conversion behind it.</summary>
    public bool CanGiveFloat => Weight is not null && Activation is null && Core.OperatorType is "Gemm" or "MatMul";
}

/// <summary>Where a weighted node keeps its constants.</summary>
/// <param name="Data">Slot of the activation.</param>
/// <param name="Weight">Slot of the weight.</param>
/// <param name="OutputAxis">The weight's axis of output channels, which gets a scale for each channel.</param>
/// <param name="Bias">Slot of the bias, or -1 when there is none.</param>
internal sealed record WeightSlots(int Data, int Weight, int OutputAxis, int Bias)
{
    /// <summary>The bias's slot, or this one where there is no bias yet.</summary>
    public int BiasOr(int slot) => Bias < 0 ? slot : Bias;
}
