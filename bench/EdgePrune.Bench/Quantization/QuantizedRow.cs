namespace EdgePrune.Bench;

/// <summary>One method on one model.</summary>
/// <param name="Method">What it is called.</param>
/// <param name="Accuracy">Top-1 in percent.</param>
/// <param name="Changed">Samples that get another class than by the float model.</param>
/// <param name="LargestChange">Largest change of an output's value.</param>
/// <param name="OutputError">Summed squared change of the outputs over their summed squares.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="IntegerKernels">Integer kernels in the graph that ONNX Runtime optimised, as ARM64 runs it.</param>
/// <param name="FloatKernels">Layers with weights that are left in float there.</param>
internal sealed record QuantizedRow(string Method, double Accuracy, int Changed, double LargestChange, double OutputError, long Bytes, int IntegerKernels, int FloatKernels)
{
    /// <summary>Time of the quantized model over that of the float one with its interval, or null when it was not measured.</summary>
    public string? Latency { get; init; }
}
