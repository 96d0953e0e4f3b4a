using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What a conversion to another precision did, and what it means where the model runs.</summary>
/// <param name="Precision">Name of the precision.</param>
/// <param name="Nodes">Every node that reads weights, in the order of the graph.</param>
/// <param name="Kernels">Kernels of the kind aimed at in the graph that ONNX Runtime makes of the model on this machine, by type.</param>
/// <param name="OpsetBefore">Operator set of the model.</param>
/// <param name="OpsetAfter">Operator set of the converted model.</param>
/// <param name="Notes">What to know before it is shipped, in sentences.</param>
public sealed record ConversionReport(
    string Precision,
    IReadOnlyList<NodeConversion> Nodes,
    IReadOnlyDictionary<string, int> Kernels,
    int OpsetBefore,
    int OpsetAfter,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether no weights were converted.</summary>
    [JsonIgnore]
    public bool IsEmpty => Nodes.All(n => n.Precision != Precision);
}

/// <summary>What became of the weights of one node.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="OperatorType">Type of the node.</param>
/// <param name="Precision">What its weights are in now.</param>
/// <param name="Reason">Why.</param>
/// <param name="WeightError">Norm of the weights' change over the norm of the weights; null where they stay.</param>
public sealed record NodeConversion(string Node, string OperatorType, string Precision, string Reason, double? WeightError = null);
