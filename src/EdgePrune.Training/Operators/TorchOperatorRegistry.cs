using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>The operators that can be trained: one line each.</summary>
internal static class TorchOperatorRegistry
{
    private static readonly TorchOperator[] Operators =
    [
        new ConvolutionOperator(),
        new GemmOperator(),
        new MatMulOperator(),
        new BatchNormalizationOperator(),
        new ActivationOperator(),
        new ClipOperator(),
        new ArithmeticOperator(),
        new PoolingOperator(),
        new GlobalAveragePoolOperator(),
        new FlattenOperator(),
        new ReshapeOperator(),
        new TransposeOperator(),
        new ConcatOperator(),
        new SplitOperator(),
        new SqueezeOperator(),
        new UnsqueezeOperator(),
        new ReduceMeanOperator(),
        new SoftmaxOperator(),
        new IdentityOperator(),
    ];

    private static readonly Dictionary<string, TorchOperator> ByType =
        Operators.SelectMany(o => o.Types.Select(t => (t, o))).ToDictionary(p => p.t, p => p.o, StringComparer.Ordinal);

    /// <summary>All types, sorted.</summary>
    public static IEnumerable<string> Types => ByType.Keys.Order(StringComparer.Ordinal);

    /// <summary>How a node runs, or null when it cannot.</summary>
    public static TorchOperator? Find(Node node) => node.Domain.Length == 0 ? ByType.GetValueOrDefault(node.OperatorType) : null;
}
