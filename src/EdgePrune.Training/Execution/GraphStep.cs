using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>A compiled node: where it reads, what it does, where it writes.</summary>
/// <param name="Node">The node, for messages.</param>
/// <param name="Kernel">What it does.</param>
/// <param name="Inputs">Slots it reads, -1 where an input is left out.</param>
/// <param name="Outputs">Slots it writes, -1 where an output is left out.</param>
internal sealed record GraphStep(Node Node, Kernel Kernel, int[] Inputs, int[] Outputs);
