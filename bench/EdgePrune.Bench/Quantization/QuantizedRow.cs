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

    /// <summary>For each scored sample the share of the draws in which it gets its label.</summary>
    public double[] Right { get; init; } = [];

    /// <summary>For each scored sample the share of the draws in which it gets the float model's class.</summary>
    public double[] Alike { get; init; } = [];

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
            Right = MeanOf([.. draws.Select(d => d.Right)]),
            Alike = MeanOf([.. draws.Select(d => d.Alike)]),
        };
    }

    /// <summary>Mean of differences sample by sample and its standard error, both in points.</summary>
    /// <param name="mine">Shares of one method's draws.</param>
    /// <param name="other">Those of another, of the same samples.</param>
    public static (double Mean, double Error) Paired(double[] mine, double[] other)
    {
        double[] differences = [.. mine.Zip(other, (m, o) => 100 * (m - o))];
        var mean = differences.Average();
        return (mean, Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / Math.Max(1, differences.Length - 1) / differences.Length));
    }

    private static double[] MeanOf(IReadOnlyList<double[]> draws) => [.. draws[0].Select((_, i) => draws.Average(d => d[i]))];

    /// <summary>Time of the quantized model over that of the float one with its interval, or null when it was not measured.</summary>
    public string? Latency { get; init; }
}
