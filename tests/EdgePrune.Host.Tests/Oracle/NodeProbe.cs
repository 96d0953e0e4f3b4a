using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>
/// One node alone in ONNX Runtime, with all inputs that hold numbers to compute with as inputs: what an input's numbers
/// change in the outputs is found by changing them. Inputs that steer (shapes, indices, scales of a resize) stay as they are.
/// </summary>
internal sealed class NodeProbe : IDisposable
{
    /// <summary>Ranges of random inputs: within every function's domain, around zero, and above one.</summary>
    private static readonly (float Low, float High)[] Ranges = [(0.2f, 0.9f), (-2, 2), (1.1f, 3)];

    private static readonly HashSet<string> SteeredByFloats = ["Resize", "Upsample", "Pad", "Clip", "Dropout"];

    private readonly RuntimeSession _session;
    private readonly IReadOnlyList<Tensor?> _actual;
    private readonly Random _random = new(1);

    public NodeProbe(Node node, IReadOnlyList<Tensor?> actual)
    {
        (Node, _actual) = (node, actual);
        Free = [.. actual.Select((t, slot) => t is not null && IsFree(node, slot, t))];
        _session = new RuntimeSession(SingleNode.Make(node, [.. actual.Select((t, slot) => (t, Free[slot]))]));
        Outputs = Run(_actual);
    }

    public Node Node { get; }

    /// <summary>For each input slot, whether its numbers are computed with.</summary>
    public IReadOnlyList<bool> Free { get; }

    /// <summary>What the node gives in the model.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    public static int Trials => Ranges.Length;

    public Tensor? Actual(int slot) => _actual[slot];

    /// <summary>Random inputs of a trial; constants are those of the model.</summary>
    public Tensor?[] Inputs(int trial) => [.. _actual.Select((t, slot) => Free[slot] && Node.Input(slot)!.Constant is null ? Noise(t!, trial) : t)];

    /// <summary>
    /// A copy of an input with other numbers in one slice, at the high or the low end of what is used: one of both shows even
    /// where only the larger or the smaller of two numbers counts.
    /// </summary>
    public Tensor Changed(Tensor tensor, int slot, int axis, int index, (int Trial, bool IsHigh) way)
    {
        var other = Node.Input(slot)!.Constant is null ? AtEnd(tensor, way.Trial, way.IsHigh) : Shifted(tensor, way.IsHigh);
        return Slices.Replace(tensor, other, axis, index);
    }

    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor?> inputs) =>
        _session.Run(inputs.Select((t, slot) => (t, slot)).Where(i => i.t is not null && Free[i.slot]).ToDictionary(i => SingleNode.NameOf(i.slot), i => i.t!, StringComparer.Ordinal));

    public void Dispose() => _session.Dispose();

    private static bool IsFree(Node node, int slot, Tensor tensor) => tensor.ElementType switch
    {
        ElementType.Float32 or ElementType.Float64 => slot == 0 || !SteeredByFloats.Contains(node.OperatorType),
        ElementType.Bool or ElementType.Int32 => node.Input(slot)!.Constant is null,
        ElementType.Int64 => node.Input(slot)!.Constant is null && tensor.Rank > 1,
        _ => false,
    };

    private Tensor Noise(Tensor like, int trial) => Fill(like, Ranges[trial], () => (byte)_random.Next(2));

    private Tensor AtEnd(Tensor like, int trial, bool isHigh)
    {
        var (low, high) = Ranges[trial];
        var margin = (high - low) / 20;
        return Fill(like, isHigh ? (high - margin, high) : (low, low + margin), () => isHigh ? (byte)1 : (byte)0);
    }

    // Whole numbers are 0 or 1: small enough to be an index of any axis.
    private Tensor Fill(Tensor like, (float Low, float High) range, Func<byte> whole)
    {
        if (like.ElementType.IsFloat())
        {
            return like.WithFloats([.. Enumerable.Range(0, (int)like.Count).Select(_ => range.Low + ((range.High - range.Low) * _random.NextSingle()))]);
        }

        var (bytes, size) = (new byte[like.Bytes.Length], like.ElementType.Size());
        for (var i = 0; i < like.Count; i++)
        {
            bytes[i * size] = whole();
        }

        return new Tensor(like.ElementType, like.Dims.ToArray(), bytes);
    }

    // Never across zero, so that variances stay positive.
    private Tensor Shifted(Tensor constant, bool isHigh) =>
        constant.WithFloats([.. constant.ToFloats().Select(v => isHigh ? v + ((v < 0 ? -1 : 1) * (1 + (2 * _random.NextSingle()))) : v * (0.1f + (0.2f * _random.NextSingle())))]);
}
