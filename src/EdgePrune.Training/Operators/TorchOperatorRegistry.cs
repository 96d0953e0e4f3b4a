using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>The operators that can be trained: one line each.</summary>
internal static class TorchOperatorRegistry
{
    private static readonly TorchOperator[] Operators =
    [
        new ConvolutionOperator(),
        new TransposedConvolutionOperator(),
        new GemmOperator(),
        new MatMulOperator(),
        new EinsumOperator(),
        new BatchNormalizationOperator(),
        new ChannelNormalizationOperator(),
        new LayerNormalizationOperator(),
        new AxisNormalizationOperator(),
        new ActivationOperator(),
        new RuntimeActivationOperator(),
        new MathOperator(),
        new ClipOperator(),
        new ArithmeticOperator(),
        new LogicOperator(),
        new CastOperator(),
        new PoolingOperator(),
        new GlobalPoolingOperator(),
        new FlattenOperator(),
        new ReshapeOperator(),
        new TransposeOperator(),
        new ConcatOperator(),
        new SplitOperator(),
        new SliceOperator(),
        new PadOperator(),
        new RepeatOperator(),
        new GatherOperator(),
        new SqueezeOperator(),
        new UnsqueezeOperator(),
        new DepthSpaceOperator(),
        new ResizeOperator(),
        new GridSampleOperator(),
        new RoiAlignOperator(),
        new ColumnsToImageOperator(),
        new ShapeOperator(),
        new ReduceOperator(),
        new LargestOperator(),
        new SoftmaxOperator(),
        new SequenceOperator(),
        new RecurrentOperator(),
        new IdentityOperator(),
    ];

    private static readonly Dictionary<(string Domain, string Type), TorchOperator> ByType =
        Operators.SelectMany(o => o.Types.Select(t => (Key: (o.Domain, t), o))).ToDictionary(p => p.Key, p => p.o);

    /// <summary>Domains and types, sorted.</summary>
    public static IEnumerable<(string Domain, string Type)> Types => ByType.Keys.Order();

    /// <summary>How a node runs, or null when it cannot.</summary>
    public static TorchOperator? Find(Node node) => ByType.GetValueOrDefault((node.Domain, node.OperatorType));
}
