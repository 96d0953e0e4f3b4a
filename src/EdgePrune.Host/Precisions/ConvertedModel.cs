using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A model in another precision, and what was done to make it.</summary>
/// <param name="Model">The converted model.</param>
/// <param name="Report">What became of every node with weights.</param>
public sealed record ConvertedModel(Model Model, ConversionReport Report);
