using System.Diagnostics;
using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Bench;

/// <summary>
/// Quantizes models by our quantizer and by the ways of others, with the same samples. Nothing is kept between runs: all of it takes a
/// few minutes.
/// </summary>
internal sealed class QuantizationBenchmark(TextWriter output)
{
    /// <summary>What our row is called.</summary>
    public const string Ours = "**EdgePrune, defaults**";

    public async Task RunAsync(QuantizationSettings settings)
    {
        var models = new RivalModels(settings.TextModel);
        List<string> page = [Head()];
        foreach (var name in settings.Models)
        {
            var (model, reason) = models.Open(name);
            if (model is null)
            {
                page.Add($"Left out: {name}. {reason}\n");
                output.WriteLine(page[^1]);
                continue;
            }

            await foreach (var subject in QuantizedSubject.Of(model, settings.Draws))
            {
                page.Add(await Table(subject, settings.Latency));
                output.WriteLine(page[^1]);
            }
        }

        WholeFile.Write(settings.Output, string.Join('\n', page));
        output.WriteLine($"Written to {settings.Output}");
    }

    private async Task<string> Table(QuantizedSubject subject, bool latency)
    {
        using var folder = new ScratchFolder();
        var original = folder.File("float.onnx");
        OnnxFile.Write(subject.Model, original);
        var scorer = new RivalScorer(subject.Model, subject.Test);
        var draws = subject.Draws.Select(samples => (Samples: samples, Prepared: new PreparedModel(subject.Model, samples))).ToList();
        List<QuantizedRow> rows = [];
        List<string> refused = [];
        foreach (var (method, quantize) in Methods(subject.Model))
        {
            var start = Stopwatch.GetTimestamp();
            var path = folder.File($"{rows.Count}.onnx");
            try
            {
                var row = QuantizedRow.Mean([.. draws.Select(d => Row(method, quantize(d.Prepared, d.Samples), path, scorer))]);

                // The kernels of the others are the same; their times would only differ by what they leave in float.
                rows.Add(latency && method == Ours ? row with { Latency = await Compare(path, original) } : row);
            }
            catch (ModelException e)
            {
                // A result of its own: ONNX Runtime does not load everything that quantizers write.
                refused.Add($"{method}: {e.Message}");
            }

            output.WriteLine($"{subject.Title}, {method}: {Stopwatch.GetElapsedTime(start).TotalSeconds:f1} s");
        }

        if (latency)
        {
            rows.Add(await Returned(subject, folder.File("returned.onnx"), original, scorer));
        }

        return QuantizationTable.Render(subject, (scorer.Original, new FileInfo(original).Length), rows, refused);
    }

    private static IEnumerable<(string Name, Func<PreparedModel, ISampleSource, Model> Quantize)> Methods(Model model) =>
    [
        .. RivalRecipe.All.Select(r => (r.Name, (Func<PreparedModel, ISampleSource, Model>)((prepared, _) => RivalQuantizer.Quantize(prepared, r)))),
        (Ours, (_, samples) => StaticQuantizer.Quantize(model, samples, new QuantizationOptions(), CancellationToken.None).Model),
    ];

    private static QuantizedRow Row(string method, Model quantized, string path, RivalScorer scorer)
    {
        OnnxFile.Write(quantized, path);
        var score = scorer.Score(quantized);
        var kernels = FusionCheck.Run(quantized, [], signed: true);
        var changed = (int)Math.Round((100 - score.Agreement) * scorer.Count / 100);
        return new QuantizedRow(method, score.Accuracy, changed, score.LargestChange, score.OutputError, new FileInfo(path).Length, kernels.IntegerNodes, kernels.FloatNodes) { Right = score.Right, Alike = score.Alike };
    }

    /// <summary>What <c>quantize --target this-machine</c> writes, by the same classes, and measured anew beside float.</summary>
    private static async Task<QuantizedRow> Returned(QuantizedSubject subject, string path, string original, RivalScorer scorer)
    {
        var profiler = new ChildProcessProfiler(MeasuringProgram.Current());
        var pipeline = new CompressionPipeline(subject.Model, subject.Draws[0]);
        var options = new CompressionOptions
        {
            Rate = 0, Repair = false, Precision = Precision.Int8, CalibrationSamples = subject.Draws[0].Count, Target = TargetCatalog.Default().Find(TargetCatalog.ThisMachine),
        };
        var counted = await pipeline.RunAsync(options, null, CancellationToken.None);
        var (result, choice) = await new FastestForm(profiler, profiler).ChooseAsync(pipeline, options, counted, null, CancellationToken.None);
        var row = Row($"**returned for this machine: {choice?.Fastest.ToString().ToLowerInvariant() ?? "float"}** ({Measured(choice)})", result.Model, path, scorer);
        return row with { Latency = await Compare(path, original) };
    }

    private static string Measured(FormChoice? choice) => choice switch
    {
        null => "nothing to choose",
        { Replanned: not null } => string.Create(CultureInfo.InvariantCulture, $"int8 {choice.Int8.Ratio.Estimate:0.00}, re-planned {string.Join(", then ", choice.Rounds.Select(r => r.Ratio).OfType<double>().Select(r => r.ToString("0.00", CultureInfo.InvariantCulture)))}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"int8 {choice.Int8.Ratio.Estimate:0.00}; {choice.NotReplanned}"),
    };

    private static async Task<string> Compare(string path, string original)
    {
        var report = await new ChildProcessProfiler(MeasuringProgram.Current()).CompareAsync(path, original, ProfilingBenchmark.Settings with { Threads = 1 }, CancellationToken.None);
        return string.Create(CultureInfo.InvariantCulture, $"{report.Ratio.Estimate:0.00} ({report.Ratio.Lower:0.00} to {report.Ratio.Upper:0.00})");
    }

    private static string Head() => $"""
        # Quantization to int8: EdgePrune beside the methods of others

        Every method gets the same float model, with constants and batch normalizations folded, and the same unlabelled samples. The methods of
        others were written for this comparison on our own graphs; they are the methods, not the programs, of their authors. ORT is ONNX
        Runtime's `quantize_static`: QDQ, signed activations and weights, conversions around every operator of its lists; its percentile
        calibration has 2,048 bins, its entropy calibration 128 bins and 128 levels by default, which leaves one range to choose. NNCF style is
        NNCF's default statistics, symmetric ranges and fast bias correction at the places of ONNX Runtime's quantizer, without NNCF's 7-bit
        first layer.

        Figures are means of the draws with the standard error of the accuracy's; the largest change of an output is that of all draws. A method
        is above ours, in top-1 or in agreement with the float model, by the mean of the differences sample by sample and their standard error: what other samples would show may differ by that much. Scores are of sessions that add 8-bit products in 32 bits (`session.x64quantprecision`), as ARM64 does. Kernels are those of the graph
        that ONNX Runtime optimised for signed activations, as on ARM64. Times are paired medians of this machine on one thread, not of a device.
        With `--latency`, the last row is what `quantize --target this-machine` writes: the fastest of int8, int8 planned by measurements, and float,
        with the ratios by which it chose, and measured anew.

        {MachineFacts.Describe()}

            dotnet run -c Release --project bench/EdgePrune.Bench -- quantization --latency

        """;
}
