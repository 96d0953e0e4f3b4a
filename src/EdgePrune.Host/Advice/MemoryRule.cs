using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Predicts the peak memory of a process that runs a model with ONNX Runtime on one processor architecture: the runtime, the weights as often
/// as they are held at the peak, and the most activations that live at one time. The peak falls into loading or into the first
/// inference; both are counted together.
/// </summary>
/// <remarks>
/// Every constant is held once, and the largest twice for a moment while it is loaded and packed. On x64 the weights of convolutions are
/// held three times at that moment, also in the blocked layout (NCHWc), which ARM64 does not use; 8-bit ones are packed on both, with as many copies.
/// Without blocks, a weight into which a batch normalization of the file is folded while loading is held one and a half times more.
/// Three and one and a half are from ResNet-50, the largest from dense layers, 8 bits from wide convolutions; <c>bench/results/profiling.md</c> tests
/// them. With the blocked layout switched off, x64 shows the figures of ARM64.
/// </remarks>
/// <param name="Architecture"><c>arm64</c> or <c>x64</c>.</param>
/// <param name="BlocksConvolutions">Whether convolutions in floats are rearranged into blocks.</param>
/// <param name="Runtime">A process that runs a tiny model.</param>
/// <param name="Basis">How sure these figures are.</param>
public sealed record MemoryRule(string Architecture, bool BlocksConvolutions, ByteSize Runtime, string Basis)
{
    private const double PackedCopies = 3;
    private const double RewrittenCopies = 2.5;

    // What `edgeprune profile` starts is a program of its own over the just-in-time compiler; a device runs the native agent.
    private static readonly ByteSize Tool = new(74L << 20);
    private static readonly ByteSize Agent = new(46L << 20);

    /// <summary>The rule of x64, in a process of this tool.</summary>
    public static MemoryRule X64 { get; } = new("x64", true, Tool, "Measured on x64 (bench/results/profiling.md).");

    /// <summary>The rule of ARM64, in a process of the native agent.</summary>
    public static MemoryRule Arm64 { get; } = new("arm64", false, Agent,
        "Not measured on ARM64: the weights are those of ONNX Runtime on x64 without its blocked layout, the runtime is the native agent's on x64.");

    /// <summary>Both rules.</summary>
    public static IReadOnlyList<MemoryRule> All { get; } = [X64, Arm64];

    /// <summary>The rule of a process of this tool, on the machine it runs on.</summary>
    public static MemoryRule OfThisMachine { get; } =
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? Arm64 with { Runtime = Tool } : X64;

    /// <summary>The rule for a target.</summary>
    /// <param name="architecture">The target's; <c>any</c> stands for this machine.</param>
    /// <returns>The rule.</returns>
    public static MemoryRule For(string architecture) => All.FirstOrDefault(r => r.Architecture == architecture) ?? OfThisMachine;

    /// <summary>Predicts the peak.</summary>
    /// <param name="analysis">The model with its concrete shapes, a batch of one.</param>
    /// <returns>The prediction with its parts.</returns>
    public MemoryPrediction Predict(ModelAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        var constants = analysis.Model.Graph.Initializers;
        var copies = constants.Sum(c => Bytes(c) * (HeldTimes(analysis, c) - 1));
        copies += constants.Where(c => HeldTimes(analysis, c) == 1).Select(Bytes).DefaultIfEmpty(0).Max();
        var weights = constants.Sum(Bytes);
        var activations = ActivationMemory.Peak(analysis);
        return new MemoryPrediction
        {
            Architecture = Architecture,
            Peak = new ByteSize(Runtime.Bytes + weights + (long)copies + activations),
            Runtime = Runtime,
            Weights = new ByteSize(weights),
            Copies = new ByteSize((long)copies),
            Activations = new ByteSize(activations),
            Basis = Basis,
        };
    }

    private double HeldTimes(ModelAnalysis analysis, Value constant)
    {
        if (ConvolutionOf(constant) is { } convolution)
        {
            return BlocksConvolutions ? PackedCopies : analysis.Normalizations.ContainsKey(new AxisRef(convolution.Output, 1)) ? RewrittenCopies : 1;
        }

        return ReadersOf(constant).Any(floats => ConvolutionOf(floats) is not null) ? PackedCopies : 1;
    }

    private static Node? ConvolutionOf(Value weight) => weight.Uses.Select(u => u.Node).FirstOrDefault(n => n.OperatorType == "Conv" && n.Inputs[1] == weight);

    private static IEnumerable<Value> ReadersOf(Value integers) =>
        integers.Uses.Select(u => u.Node).Where(n => n.OperatorType == "DequantizeLinear" && n.Inputs[0] == integers).Select(n => n.Output);

    private static long Bytes(Value constant) => constant.Constant!.Bytes.Length;
}
