using System.Collections.Concurrent;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Models, targets and requests to give advice for, by short names.</summary>
internal static class AdviceCase
{
    private static readonly ConcurrentDictionary<string, ModelAnalysis> Analyses = [];

    /// <summary>The analysis of a model, which no test changes.</summary>
    public static ModelAnalysis Analyse(string model) => Analyses.GetOrAdd(model, m => ModelAnalysis.Of(Make(m)));

    public static Model Make(string model) => model switch
    {
        "mnist" => OnnxFile.Read(Mnist.Model),
        "small" => TestModels.MnistCnnLike(),
        "single" => SingleLayer(),
        "encoder" => SequenceModels.Encoder(256),
        "recurrent" => SequenceModels.Recurrent(),
        "integers" => OnnxFile.Read(OnnxFile.ToBytes(StaticQuantizer.Quantize(TestModels.MnistCnnLike(), new RandomSamples(8, 1, 12, 12), new QuantizationOptions(), CancellationToken.None).Model)),
        _ => TestModels.Make(model),
    };

    /// <summary>A target by name; after a plus sign, a file limit.</summary>
    public static Target Target(string name)
    {
        var parts = name.Split('+');
        var target = TargetCatalog.Default().Find(parts[0]);
        return parts.Length == 1 ? target : target with { Budget = BudgetText.Parse($"file={parts[1]}", target.Budget) };
    }

    /// <summary>A request from words: a need, <c>samples</c>, <c>labels</c>, <c>probe</c>, <c>fragile</c>.</summary>
    public static AdviceRequest Request(string target, string words)
    {
        var set = words.Split(' ').ToHashSet();
        var need = Enum.GetValues<AdviceNeed>().FirstOrDefault(n => set.Contains(n.ToString().ToLowerInvariant()));
        return new AdviceRequest
        {
            Target = Target(target),
            Need = need,
            HasSamples = set.Overlaps(["samples", "labels", "probe", "fragile"]),
            HasLabels = set.Contains("labels"),
            Study = set.Contains("study") ? Studies.Small() : null,
            Probe = set.Contains("probe") ? Probe(99.5) : set.Contains("fragile") ? Probe(90) : null,
        };
    }

    public static AdviceContext Context(string model, string target, string words) => new(Analyse(model), Request(target, words));

    private static ProbeResult Probe(double agreement) =>
        new(64, 64, [new ProbePoint(0.3, 0.001, agreement, 0.5), new ProbePoint(0.5, 0.01, 97, 0.3)], new Int8Probe(agreement, 4, 0)) { Precisions = [new PrecisionProbe(Precision.Dynamic, agreement, 12_345)] };

    private static Model SingleLayer()
    {
        GraphBuilder g = new(1);
        g.Output(g.Gemm(g.Input(1, 8), 4));
        return g.Build();
    }
}
