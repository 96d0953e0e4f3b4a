using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A normalised model with its concrete shapes, its groups, and the reason for every channel that is pinned.</summary>
public sealed class ModelAnalysis
{
    private ModelAnalysis(Model model, ShapeTable shapes, GroupingOptions options, BatchNormScales scales)
    {
        Normalizations = scales.In(model.Graph);
        Model = model;
        Shapes = shapes;
        (Linker, Groups, var refused) = GroupBuilder.Find(model.Graph, shapes, options);
        Pins = PinnedProducers(refused);
        (Sha256, var length) = OnnxFile.Digest(model);
        Cost = new ModelCost(model.ParameterCount, Linker.Macs, new ByteSize(length));
    }

    /// <summary>The normalised model: constants folded, weights in initializers, BatchNormalization folded.</summary>
    public Model Model { get; }

    /// <summary>The choices that the groups rest on.</summary>
    public required GroupingOptions Options { get; init; }

    /// <summary>Concrete shapes of all values, free dimensions taken as 1.</summary>
    public ShapeTable Shapes { get; }

    /// <summary>Groups of channels that can be pruned, in the model's order.</summary>
    public IReadOnlyList<PruningGroup> Groups { get; }

    /// <summary>Weighted operators whose channels cannot be pruned, and why.</summary>
    public IReadOnlyList<PinnedNode> Pins { get; }

    /// <summary>SHA-256 of the normalised model's bytes; plans are bound to it.</summary>
    public string Sha256 { get; }

    /// <summary>Parameters, operations and size of the normalised model.</summary>
    public ModelCost Cost { get; }

    /// <summary>Every contraction of the model.</summary>
    public IReadOnlyList<Contraction> Contractions => Linker.Contractions;

    /// <summary>Every weighted operator that carries channels through.</summary>
    public IReadOnlyList<ChannelCarry> Carries => Linker.Carries;

    /// <summary>Nodes that combine channels without weights and will do so with fewer when some are removed.</summary>
    public IReadOnlyList<ChannelReduction> Reductions => Linker.Reductions;

    /// <summary>Scales and shifts of the batch normalizations, folded ones included, by the axis of the channels.</summary>
    internal IReadOnlyDictionary<AxisRef, BatchNormScale> Normalizations { get; }

    internal ChannelLinker Linker { get; }

    /// <summary>Normalises and analyses a model; the given one is not changed.</summary>
    /// <param name="model">The model as it was loaded.</param>
    /// <returns>The analysis.</returns>
    /// <exception cref="ModelException">The model is inconsistent or ONNX Runtime cannot run it.</exception>
    public static ModelAnalysis Of(Model model) => Of(model, new GroupingOptions());

    /// <summary>Normalises and analyses a model; the given one is not changed.</summary>
    /// <param name="model">The model as it was loaded.</param>
    /// <param name="options">Choices where a removal is well defined in more than one way.</param>
    /// <returns>The analysis.</returns>
    /// <exception cref="ModelException">The model is inconsistent or ONNX Runtime cannot run it.</exception>
    public static ModelAnalysis Of(Model model, GroupingOptions options) => Consume(model.Clone(), options);

    /// <summary>Normalises a model in place and analyses it: for callers that need the model for nothing else, with half the memory.</summary>
    /// <param name="model">The model as it was loaded; changed, and part of the analysis from now on.</param>
    /// <param name="options">Choices where a removal is well defined in more than one way.</param>
    /// <returns>The analysis.</returns>
    /// <exception cref="ModelException">The model is inconsistent or ONNX Runtime cannot run it.</exception>
    public static ModelAnalysis Consume(Model model, GroupingOptions options)
    {
        var scales = new BatchNormScales();
        SpentWeights.Free(model);
        ModelNormalizer.NormalizeInPlace(model, scales);
        SpentWeights.GiveBack(model);
        var shapes = ShapeProbe.Complete(model, ShapeInference.Infer(model.Graph));
        return new ModelAnalysis(model, shapes, options, scales) { Options = options };
    }

    /// <summary>Analyses a model as it is trained, with batch normalization where it was; the given one is not changed.</summary>
    internal static ModelAnalysis ForTraining(Model model)
    {
        var options = new GroupingOptions();
        var copy = ModelNormalizer.ForTraining(model);
        var shapes = ShapeProbe.Complete(copy, ShapeInference.Infer(copy.Graph));
        return new ModelAnalysis(copy, shapes, options, new BatchNormScales()) { Options = options };
    }

    private List<PinnedNode> PinnedProducers(IReadOnlyList<PinReason> refused)
    {
        List<PinnedNode> pins = [];
        foreach (var (node, output) in Linker.Contractions.Where(c => !c.IsRecurrent).Select(c => (c.Node, c.Output)))
        {
            var channels = Linker.Classes.Size(output);
            var reasons = Enumerable.Range(0, channels)
                .Select(i => Linker.Classes.PinOf(Linker.Classes.ClassOf(output, i)))
                .OfType<PinReason>()
                .CountBy(r => r);
            pins.AddRange(reasons.Select(r => new PinnedNode(node.Label, node.OperatorType, r.Value, channels, r.Key)));
        }

        return [.. pins, .. refused.Select(r => new PinnedNode("", "", 0, 0, r))];
    }
}

/// <summary>Channels of a weighted operator that cannot be pruned.</summary>
/// <param name="Node">Name of the operator.</param>
/// <param name="OperatorType">Type of the operator.</param>
/// <param name="Pinned">Number of its output channels that are pinned for this reason.</param>
/// <param name="Channels">Number of its output channels.</param>
/// <param name="Reason">Why.</param>
public sealed record PinnedNode(string Node, string OperatorType, int Pinned, int Channels, PinReason Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Node.Length == 0 ? Reason.Text : $"{Node} ({OperatorType}): {Pinned} of {Channels} output channels stay. {Reason.Text}";
}
