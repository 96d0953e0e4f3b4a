using System.Text.Json.Serialization;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>The figures of a model that advice rests on. All shares are from 0 to 1.</summary>
public sealed record ModelFigures
{
    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public required long Macs { get; init; }
    /// <summary>Float parameters.</summary>
    public required long Parameters { get; init; }
    /// <summary>Bytes of the file.</summary>
    public required long FileBytes { get; init; }
    /// <summary>Bytes of all constants.</summary>
    public required long WeightBytes { get; init; }
    /// <summary>Bytes of the file that are no constants: nodes, names, metadata.</summary>
    public required long GraphBytes { get; init; }
    /// <summary>Most bytes of activations that live at one time, a batch of one.</summary>
    public required long PeakActivationBytes { get; init; }
    /// <summary>Share of the operations that would go if every group lost all its channels: the most that pruning can reach.</summary>
    public required double PrunableMacShare { get; init; }
    /// <summary>The same share of the parameters.</summary>
    public required double PrunableParameterShare { get; init; }
    /// <summary>Share of the operations in operators whose outputs are pinned, by kind of reason, the largest first.</summary>
    public required IReadOnlyList<PinnedShare> Pinned { get; init; }
    /// <summary>Share of the operations in depthwise convolutions.</summary>
    public required double DepthwiseMacShare { get; init; }
    /// <summary>Share of the operations in operators that have an integer kernel.</summary>
    public required double IntegerMacShare { get; init; }
    /// <summary>Share of the weights' bytes in operators that have an integer kernel.</summary>
    public required double IntegerWeightShare { get; init; }
    /// <summary>Share of the least time in operators that move bytes for longer than they compute, or null when the target states no figures.</summary>
    public double? MemoryBoundShare { get; init; }
    /// <summary>Least time of the weighted operators in seconds, or null when the target states no figures. No measurement.</summary>
    public double? LeastSeconds { get; init; }
    /// <summary>Whether weights and activations fit into the target's level 2 cache, or null when its size is not stated.</summary>
    public bool? FitsCache { get; init; }
    /// <summary>How far a compressor gets with the weights.</summary>
    public required WeightCompression Compression { get; init; }
    /// <summary>The weighted operators, in the model's order.</summary>
    public required IReadOnlyList<LayerFigures> Layers { get; init; }

    /// <summary>Counts the figures of a model.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="target">The device it is for.</param>
    /// <param name="fileBytes">Bytes of its file, or null for those of the normalised model.</param>
    /// <returns>The figures.</returns>
    public static ModelFigures Of(ModelAnalysis analysis, Target target, long? fileBytes)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(target);
        var full = LayerWork.Of(analysis, new KeptShares(analysis, [.. analysis.Groups.Select(g => g.Channels.Count)]));
        var bare = new KeptShares(analysis, new int[analysis.Groups.Count]);
        var least = LayerWork.Of(analysis, bare);
        var weights = analysis.Model.Graph.Initializers.Sum(i => (long)i.Constant!.Bytes.Length);
        var peak = ActivationMemory.Peak(analysis);
        var cached = target.Hardware.L2CacheKiB is { } cache ? weights + peak <= cache * 1024L : (bool?)null;
        var file = fileBytes ?? analysis.Cost.FileSize.Bytes;
        var (macs, bytes) = (Math.Max(1, full.Sum(l => l.Macs)), Math.Max(1, full.Sum(l => l.WeightBytes)));
        var carried = analysis.Carries.Select(c => c.Node).ToHashSet();
        return new ModelFigures
        {
            Macs = analysis.Cost.Macs,
            Parameters = analysis.Cost.Parameters,
            FileBytes = file,
            WeightBytes = weights,
            GraphBytes = Math.Max(0, file - weights),
            PeakActivationBytes = peak,
            PrunableMacShare = full.Count == 0 ? 0 : 1 - (least.Sum(l => l.Macs) / macs),
            PrunableParameterShare = full.Count == 0 ? 0 : 1 - (least.Sum(l => l.WeightBytes) / bytes),
            Pinned = PinnedShares(analysis, macs),
            DepthwiseMacShare = full.Where(l => carried.Contains(l.Node)).Sum(l => l.Macs) / macs,
            IntegerMacShare = full.Where(l => l.CanBeInteger).Sum(l => l.Macs) / macs,
            IntegerWeightShare = full.Where(l => l.CanBeInteger).Sum(l => l.WeightBytes) / bytes,
            Compression = WeightCompression.Of(analysis.Model),
            FitsCache = cached,
            Layers = [],
        }.WithTime(full, target, cached == true);
    }

    private ModelFigures WithTime(List<LayerWork> layers, Target target, bool cached)
    {
        var roof = Roofline.Of(target);
        var times = layers.ConvertAll(l => roof?.Seconds(l, PrecisionCost.Float, cached));
        var bound = layers.ConvertAll(l => roof is null ? LayerBound.Unknown : !cached && roof.IsMemoryBound(l) ? LayerBound.Memory : LayerBound.Compute);
        return this with
        {
            LeastSeconds = roof is null ? null : times.Sum(),
            MemoryBoundShare = roof is null ? null : times.Zip(bound).Where(t => t.Second == LayerBound.Memory).Sum(t => t.First) / Math.Max(double.Epsilon, times.Sum()!.Value),
            Layers = [.. layers.Zip(bound).Select(l => new LayerFigures(l.First.Node.Label, l.First.Node.OperatorType, (long)l.First.Macs, (long)l.First.Bytes, l.First.Intensity, l.Second, l.First.CanBeInteger))],
        };
    }

    private static List<PinnedShare> PinnedShares(ModelAnalysis analysis, double macs)
    {
        var byNode = analysis.Contractions.GroupBy(c => c.Node.Label).ToDictionary(c => c.Key, c => c.Sum(m => m.Macs));
        return
        [
            .. analysis.Pins.Where(p => p.Channels > 0).GroupBy(p => p.Reason.Kind)
                .Select(k => new PinnedShare(k.Key, k.Sum(p => byNode.GetValueOrDefault(p.Node) * (double)p.Pinned / p.Channels) / macs))
                .OrderByDescending(k => k.MacShare).ThenBy(k => k.Kind),
        ];
    }
}

/// <summary>Operations in operators whose output channels stay for one kind of reason.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="MacShare">Share of the model's operations. Range: 0 to 1.</param>
public sealed record PinnedShare([property: JsonConverter(typeof(JsonStringEnumConverter<PinKind>))] PinKind Kind, double MacShare);

/// <summary>What limits an operator on a target.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LayerBound>))]
public enum LayerBound
{
    /// <summary>The target states no figures.</summary>
    Unknown,
    /// <summary>Arithmetic.</summary>
    Compute,
    /// <summary>Moving weights and activations.</summary>
    Memory,
}

/// <summary>One weighted operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Macs">Multiply-accumulate operations.</param>
/// <param name="Bytes">Bytes of weights and activations that it moves.</param>
/// <param name="Intensity">Operations (two for each multiply-accumulate) for each byte.</param>
/// <param name="Bound">What limits it on the target.</param>
/// <param name="HasIntegerKernel">Whether it can run in int8.</param>
public sealed record LayerFigures(string Name, string Type, long Macs, long Bytes, double Intensity, LayerBound Bound, bool HasIntegerKernel);
