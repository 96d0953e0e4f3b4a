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
    ];

    private static readonly Dictionary<string, OperatorDefinition> ByType =
        Definitions.SelectMany(d => d.Types.Select(t => (t, d))).ToDictionary(p => p.t, p => p.d, StringComparer.Ordinal);

    /// <summary>All definitions.</summary>
    public static IReadOnlyList<OperatorDefinition> All => Definitions;

    /// <summary>The definition of a node's operator, or null when there is none.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The definition or null.</returns>
    public static OperatorDefinition? Find(Node node) => node.Domain.Length == 0 ? ByType.GetValueOrDefault(node.OperatorType) : null;
}
