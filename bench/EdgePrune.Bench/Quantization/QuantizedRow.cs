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
internal sealed record QuantizedRow(string Method, double Accuracy, double Changed, double LargestChange, double OutputError, long Bytes, int IntegerKernels, int FloatKernels)
{
    /// <summary>Standard error of the mean accuracy of several draws; 0 for one.</summary>
    public double AccuracyError { get; init; }

    /// <summary>Means of one method's draws; the largest change is that of all of them, file and kernels are the first's.</summary>
    public static QuantizedRow Mean(IReadOnlyList<QuantizedRow> draws)
    {
        var accuracy = draws.Average(d => d.Accuracy);
        var variance = draws.Sum(d => (d.Accuracy - accuracy) * (d.Accuracy - accuracy)) / Math.Max(1, draws.Count - 1);
        return draws[0] with
        {
            Accuracy = accuracy,
            AccuracyError = Math.Sqrt(variance / draws.Count),
            Changed = draws.Average(d => d.Changed),
            LargestChange = draws.Max(d => d.LargestChange),
            OutputError = draws.Average(d => d.OutputError),
        };
    }

    /// <summary>Time of the quantized model over that of the float one with its interval, or null when it was not measured.</summary>
    public string? Latency { get; init; }
}
