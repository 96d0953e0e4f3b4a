using System.Diagnostics;
using System.Globalization;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>What calibration costs: peak memory against the number of samples, and time against plain inference of the same images.</summary>
internal sealed class CalibrationCost(TextWriter output)
{
    /// <summary>The verb of the process whose memory is measured.</summary>
    public const string Verb = "calibration-memory";

    private static readonly int[] SampleCounts = [10, 1000];

    /// <param name="images">Images of 224 x 224 pixels for the time.</param>
    public void Run(int images)
    {
        output.WriteLine(MachineFacts.Describe());
        WriteMemory();
        WriteTime(images);
    }

    /// <summary>Quantizes a small residual network in this process and tells its peak of resident memory.</summary>
    public static void RunMemory(int samples, TextWriter output)
    {
        StaticQuantizer.Quantize(Residual(), new RandomImages([16, 56, 56], samples), new QuantizationOptions(), CancellationToken.None);
        PeakMemory.Write(output);
    }

    private void WriteMemory()
    {
        var peaks = SampleCounts.Select(PeakOf).ToList();
        output.WriteLine();
        output.WriteLine("| samples | peak memory of quantizing a residual network, MB |");
        output.WriteLine("|---:|---:|");
        foreach (var (samples, peak) in SampleCounts.Zip(peaks))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {samples:n0} | {peak / 1e6:0.0} |"));
        }

        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ratio {(double)peaks[^1] / peaks[0]:0.000}. Goal: at most 1.05."));
    }

    private void WriteTime(int images)
    {
        // As the quantizer sees it: batch normalizations folded, so that both run the same layers.
        var model = ModelNormalizer.Normalize(ResNet50.Make());
        var samples = new RandomImages([3, 224, 224], images);
        var plain = Time(() => Infer(model, samples));
        var calibration = Time(() => CalibrationPass.Run(model, samples, new Dictionary<string, string>(), CancellationToken.None));
        var simple = Time(() => Quantize(model, samples, QuantizationOptions.Plain));
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ResNet-50, {images} images: plain inference {plain.TotalSeconds:0.0} s; calibration {calibration.TotalSeconds:0.0} s, {calibration / plain:0.00} times (goal: at most 2);"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"quantizing without a search {simple.TotalSeconds:0.0} s, {simple / plain:0.00} times;"));
        var search = Time(() => Quantize(model, samples, new QuantizationOptions()));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"with the search {search.TotalSeconds:0.0} s, {search / plain:0.00} times."));
    }

    private static void Quantize(Model model, ISampleSource samples, QuantizationOptions options) => StaticQuantizer.Quantize(model, samples, options, CancellationToken.None);

    private static void Infer(Model model, ISampleSource samples)
    {
        using var runner = new GraphRunner(model);
        foreach (var (feeds, _, _) in new SampleFeeder(model, samples).Batches())
        {
            runner.Run(feeds);
        }
    }

    private static TimeSpan Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    }

    private static long PeakOf(int samples) => PeakMemory.Of(Verb, samples.ToString(CultureInfo.InvariantCulture));

    private static Model Residual()
    {
        var g = new GraphBuilder(seed: 1);
        var x = g.Relu(g.Conv(g.BatchInput(16, 56, 56), 32, kernel: 3));
        for (var block = 0; block < 6; block++)
        {
            x = g.Relu(g.Add(g.Conv(g.Relu(g.Conv(x, 32, kernel: 3)), 32, kernel: 3), x));
        }

        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 10));
        return g.Build();
    }
}
