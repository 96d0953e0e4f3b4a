using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A model in the precision that was asked for, and what was done to make it.</summary>
/// <param name="Model">The model; the float one where the precision changes nothing.</param>
/// <param name="Quantization">What quantization with samples did, or null where there was none.</param>
/// <param name="Conversion">What the conversion without samples did, or null where there was none.</param>
internal sealed record PreciseModel(Model Model, QuantizationReport? Quantization = null, ConversionReport? Conversion = null)
{
    // Layers of one kind are left for one reason; two tell enough.
    private const int ShownReasons = 2;

    /// <summary>Why the model is in float although another precision was asked for, or null.</summary>
    public string? Unchanged => this switch
    {
        { Conversion: { IsEmpty: true } report } => Say(report.Nodes.Select(n => (n.Node, n.Reason))),
        { Quantization: { } report } when !IntegerOperators.IsQuantized(Model) => Say(report.Nodes.Select(n => (n.Node, n.Reason))),
        _ => null,
    };

    private static string Say(IEnumerable<(string Node, string Reason)> nodes)
    {
        var reasons = nodes.DistinctBy(n => n.Reason).Take(ShownReasons).Select(n => $"'{n.Node}': {n.Reason}").ToList();
        return reasons.Count == 0 ? "No node has weights of a size that counts." : string.Join(' ', reasons);
    }
}
