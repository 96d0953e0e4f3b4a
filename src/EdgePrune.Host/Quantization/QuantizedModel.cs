using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A model with int8 weights and activations, and what was done to make it.</summary>
/// <param name="Model">The quantized model.</param>
/// <param name="Report">Precision of every node and what ONNX Runtime makes of it.</param>
public sealed record QuantizedModel(Model Model, QuantizationReport Report);
