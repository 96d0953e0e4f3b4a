using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What quantization did, and what ONNX Runtime made of it.</summary>
/// <param name="Calibration">How ranges were chosen.</param>
/// <param name="Samples">Samples the ranges rest on.</param>
/// <param name="Nodes">Every node that could be quantized: its precision and why.</param>
/// <param name="IntegerNodes">Integer kernels in the graph that ONNX Runtime optimised.</param>
/// <param name="FloatNodes">Weighted operators that were left in float there.</param>
public sealed record QuantizationReport(
    CalibrationMethod Calibration,
    int Samples,
    IReadOnlyList<NodePrecision> Nodes,
    int IntegerNodes,
    int FloatNodes)
{
    /// <summary>The input of a model that takes bytes, whose activations are all unsigned then; null for float inputs.</summary>
    public ByteInputReport? Bytes { get; init; }

    /// <summary>What was tried, in order, and what each gave. Empty when nothing was searched.</summary>
    public IReadOnlyList<QuantizationStep> Steps { get; init; } = [];

    /// <summary>What the device's measurements say of the model's time, or null when nothing was measured.</summary>
    public PlannedTime? Planned { get; init; }

    /// <summary>The operator set that the model was raised from, because scales for each channel need 13; null when it stayed.</summary>
    public int? RaisedFromOpset { get; init; }
}

/// <summary>One step of the search for the most accurate integers.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Error">Squared difference of the outputs over the squares of the float model's, on samples that only this decision sees.</param>
/// <param name="IsTaken">Whether it stays, because it made the error smaller.</param>
public sealed record QuantizationStep(string Name, double Error, bool IsTaken)
{
    /// <summary>
    /// The error without the step on the same samples, which are not the same for all steps: what fits to samples is judged by others, and what surely helps nothing by a few. Null for the first step, which has nothing before it.
    /// </summary>
    public double? Before { get; init; }
}

/// <summary>Time of one inference by a device's measurements of each node.</summary>
/// <param name="Float">With every node in float, as measured.</param>
/// <param name="Planned">With the nodes in int8 that were chosen, summed up from what was measured of each and of conversions.</param>
public sealed record PlannedTime(
    [property: JsonPropertyName("floatUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan Float,
    [property: JsonPropertyName("plannedUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan Planned);

/// <summary>Precision of one node.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="OperatorType">Type of the node.</param>
/// <param name="Precision">What it runs in.</param>
/// <param name="Reason">Why.</param>
public sealed record NodePrecision(string Node, string OperatorType, Precision Precision, string Reason)
{
    /// <summary>Squared difference of its output from the float model's over the squares, with all that the nodes before it add; null when it was not measured.</summary>
    public double? Error { get; init; }
}
