using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>Measures a model in a fresh process.</summary>
/// <param name="modelPath">The ONNX file.</param>
/// <param name="settings">How to measure.</param>
/// <param name="ct">Stops the measurement.</param>
/// <returns>What was measured.</returns>
internal delegate Task<ProfileReport> ProfileModel(string modelPath, ProfileSettings settings, CancellationToken ct);
