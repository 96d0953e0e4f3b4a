using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What decides which precisions are worth trying for a model on a target.</summary>
internal sealed record PrecisionFacts
{
    // 256 KiB of floats: what is smaller stays in a cache, where reading it costs nothing.
    private const int LargeWeights = 1 << 16;

    /// <summary>Whether convolutions do at least half of the operations: int8 with calibrated ranges covers those, and nothing else does.</summary>
    public required bool IsConvolutional { get; init; }

    /// <summary>Whether it has recurrent layers or products of two activations, as attention has: ranges of such activations follow the input.</summary>
    public required bool IsSequential { get; init; }

    /// <summary>Share of the parameters that are weights of MatMul, Gemm and LSTM that can be rounded to 8 bits without samples.</summary>
    public required double RoundableShare { get; init; }

    /// <summary>Share of the parameters that are in single weights of MatMul and Gemm large enough that reading them takes the time.</summary>
    public required double LargeDenseShare { get; init; }

    /// <summary>Whether the target says that its cores compute with 16-bit floats.</summary>
    public required bool HasHalfArithmetic { get; init; }

    /// <summary>Looks at a model and a target.</summary>
    public static PrecisionFacts Of(ModelAnalysis analysis, Target? target)
    {
        var nodes = analysis.Model.Graph.Nodes;
        var dense = Weights(nodes.Where(n => n is { Domain: "", OperatorType: "MatMul" or "Gemm" } && DenseLayer.Read(n, analysis.Shapes, 1).Layer is not null), [1]);
        var recurrent = Weights(nodes.Where(n => n is { Domain: "", OperatorType: "LSTM" } && DynamicLstm.Refuse(n, 1) is null), [1, 2]);
        var parameters = Math.Max(1.0, analysis.Cost.Parameters);
        return new PrecisionFacts
        {
            IsConvolutional = 2 * ConvolutionMacs(analysis) >= Math.Max(1, analysis.Cost.Macs),
            IsSequential = nodes.Any(n => n is { Domain: "", OperatorType: "LSTM" or "GRU" or "RNN" } or { Domain: "", OperatorType: "MatMul", Inputs: [{ Constant: null }, { Constant: null }] }),
            RoundableShare = (dense.Sum() + recurrent.Sum()) / parameters,
            LargeDenseShare = dense.Where(w => w >= LargeWeights).Sum() / parameters,
            HasHalfArithmetic = target?.Hardware.HalfPrecision == true,
        };
    }

    private static long ConvolutionMacs(ModelAnalysis analysis) =>
        analysis.Contractions.Where(c => IsConvolution(c.Node)).Sum(c => c.Macs) + analysis.Carries.Where(c => IsConvolution(c.Node)).Sum(c => c.Macs);

    private static bool IsConvolution(Node node) => node.OperatorType is "Conv" or "ConvTranspose";

    // Shared weights count once, as they do among the parameters.
    private static List<long> Weights(IEnumerable<Node> nodes, int[] slots) =>
        [.. nodes.SelectMany(n => slots.Select(s => n.Input(s)!)).Distinct().Select(v => (long)v.Constant!.Count)];
}
