namespace EdgePrune.Device;

/// <summary>What a self-test process is to do; goes to its standard input as JSON.</summary>
/// <param name="ModelPath">The ONNX file.</param>
/// <param name="InputShape">Shape of the input.</param>
/// <param name="Tolerance">Largest difference, relative to the largest absolute expected value.</param>
/// <param name="InputPath">Raw little-endian elements of the first input; null means zeros.</param>
/// <param name="OutputPath">Raw little-endian float32 expected of the first output; null means any finite values.</param>
internal sealed record SelfTestOrder(string ModelPath, IReadOnlyList<long> InputShape, double Tolerance, string? InputPath = null, string? OutputPath = null);

/// <summary>What a self-test process found; comes from its standard output as JSON.</summary>
/// <param name="Passed">Whether the model passed; said outright, so that an empty answer is no pass.</param>
/// <param name="Fault">What is wrong with the model, when it did not.</param>
internal sealed record SelfTestAnswer(bool Passed, string? Fault = null);
