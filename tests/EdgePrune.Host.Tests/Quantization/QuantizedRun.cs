using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Quantizes in tests, and compares with the float model.</summary>
internal static class QuantizedRun
{
    public static QuantizedModel Quantize(Model model, ISampleSource? samples = null, QuantizationOptions? options = null) =>
        StaticQuantizer.Quantize(model, samples ?? GeneratedSamples.For(model), options ?? new QuantizationOptions(), CancellationToken.None);

    /// <summary>All values of the first output over all samples.</summary>
    public static float[] Outputs(Model model, ISampleSource samples)
    {
        using var runner = new GraphRunner(model, new RunnerOptions { Threads = 1 });
        return [.. new SampleFeeder(model, samples).Batches().SelectMany(b => runner.Run(b.Feeds)[0].ToFloats())];
    }

    /// <summary>Signal to quantization noise of the first output, in decibels.</summary>
    public static double Sqnr(Model model, Model quantized, ISampleSource samples)
    {
        var (expected, actual) = (Outputs(model, samples), Outputs(quantized, samples));
        var signal = expected.Sum(v => (double)v * v);
        var noise = expected.Zip(actual).Sum(p => Math.Pow(p.First - p.Second, 2));
        return 10 * Math.Log10(signal / noise);
    }

    public static int[] Classes(float[] outputs, int classes) =>
        [.. outputs.Chunk(classes).Select(row => Array.IndexOf(row, row.Max()))];
}
