namespace EdgePrune.Onnx;

/// <summary>The operators EdgePrune knows: one line each.</summary>
public static class OperatorRegistry
{
    private static readonly OperatorDefinition[] Definitions =
    [
        new ConvolutionDefinition(),
        new GemmDefinition(),
        new ElementwiseUnaryDefinition(),
        new PoolingDefinition(),
        new FlattenDefinition(),
        new MatMulDefinition(),
        new TransposedConvolutionDefinition(),
        new BatchNormalizationDefinition(),
        new MixingNormalizationDefinition(),
        new ElementwiseDefinition(),
        new SoftmaxDefinition(),
        new ReduceDefinition(),
        new ConcatDefinition(),
        new SplitDefinition(),
        new SliceDefinition(),
        new GatherDefinition(),
        new ReshapeDefinition(),
        new TransposeDefinition(),
        new SqueezeDefinition(),
        new UnsqueezeDefinition(),
        new PadDefinition(),
        new ResizeDefinition(),
        new RepeatDefinition(),
        new DepthSpaceDefinition(),
        new ShapeDefinition(),
        new ConstantDefinition(),
        new RecurrentDefinition(),
        new EinsumDefinition(),
        new SamplingDefinition(),
        new SequenceDefinition(),
        new ColumnsToImageDefinition(),
        new ElementGatherDefinition(),
        new RuntimeActivationDefinition(),
    ];

    private static readonly Dictionary<(string Domain, string Type), OperatorDefinition> ByType =
        Definitions.SelectMany(d => d.Types.Select(t => (Key: (d.Domain, t), d))).ToDictionary(p => p.Key, p => p.d);

    /// <summary>All definitions.</summary>
    public static IReadOnlyList<OperatorDefinition> All => Definitions;

    /// <summary>The definition of a node's operator, or null when there is none.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The definition or null.</returns>
    public static OperatorDefinition? Find(Node node) => ByType.GetValueOrDefault((node.Domain, node.OperatorType));
}
