using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>The batches that sequential repair keeps in memory: those to fit on, then those to judge on.</summary>
/// <param name="Batches">Tensors by input name.</param>
/// <param name="Fitted">Number of the batches to fit on.</param>
internal sealed record PolishSamples(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Batches, int Fitted)
{
    /// <summary>Most bytes of activations that are held at a time; of larger models fewer samples are used.</summary>
    private const double MostBytes = 768 << 20;

    /// <summary>Takes as many samples as fit into memory.</summary>
    public static PolishSamples Of(ModelAnalysis analysis, RepairStatistics statistics)
    {
        var share = Math.Min(1, MostBytes / (2 * PeakBytes(analysis)) / (statistics.Fitted.Count + statistics.HeldOut.Count));
        var fitted = Read(analysis.Model, statistics.Fitted, share);
        return new PolishSamples([.. fitted, .. Read(analysis.Model, statistics.HeldOut, share)], fitted.Count);
    }

    private static List<IReadOnlyDictionary<string, Tensor>> Read(Model model, ISampleSource samples, double share) =>
        [.. new SampleFeeder(model, SampleSubset.Range(samples, 0, (int)Math.Ceiling(samples.Count * share))).Batches().Select(b => b.Feeds)];

    /// <summary>Most bytes of one sample's activations that are needed at a time when the original runs node by node.</summary>
    private static double PeakBytes(ModelAnalysis analysis)
    {
        var uses = analysis.Model.Graph.Values.Values.ToDictionary(v => v, v => v.Uses.Count);
        var (live, peak) = (0.0, 0.0);
        foreach (var node in analysis.Model.Graph.Nodes)
        {
            live += node.Outputs.OfType<Value>().Sum(v => Bytes(analysis, v));
            peak = Math.Max(peak, live);
            live -= node.Inputs.OfType<Value>().Where(v => v.Producer is not null && --uses[v] == 0).Sum(v => Bytes(analysis, v));
        }

        return peak + analysis.Model.Graph.FedInputs.Sum(v => Bytes(analysis, v));
    }

    private static double Bytes(ModelAnalysis analysis, Value value) =>
        analysis.Shapes.Find(value) is { } shape ? 4.0 * Tensor.Elements(shape) : 0;
}
