using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Where the output of a weighted operator is complete: behind its bias, wherever that is added; and what is added to it
/// and cuts it off right after that. A residual branch's last layer is judged on the sum, because there it can make good
/// what is wrong with the sum so far.
/// </summary>
/// <param name="Biased">The output with the bias.</param>
/// <param name="Offset">The bias: one number for each output channel; null when it is not such a constant.</param>
/// <param name="Skip">The other operand of the residual addition that alone reads the output, or null.</param>
/// <param name="Sum">The result of that addition, or else the output with its bias.</param>
/// <param name="Range">What the activation behind lets pass.</param>
internal sealed record LayerPlace(Value Biased, double[]? Offset, Value? Skip, Value Sum, PassedRange Range)
{
    /// <summary>Follows the output of a layer.</summary>
    /// <param name="node">The operator, in the original or the pruned model.</param>
    /// <param name="contraction">What it contracts.</param>
    /// <param name="channels">Number of its output channels.</param>
    /// <param name="rank">Number of axes of its output.</param>
    public static LayerPlace Of(Node node, Contraction contraction, int channels, int rank)
    {
        var offset = OwnBias(node, contraction, channels);
        var value = node.Output;
        while (OnlyReader(value) is { OperatorType: "Add" } add && Other(add, value) is { Constant: { } constant } && Vector(constant, channels, rank - contraction.Output.Axis) is { } vector)
        {
            offset = offset is null ? null : [.. offset.Zip(vector, (a, b) => a + b)];
            value = add.Output;
        }

        var (skip, sum) = OnlyReader(value) is { OperatorType: "Add" } join && Other(join, value) is { Constant: null } other ? (other, join.Output) : (null, value);
        return new LayerPlace(value, offset, skip, sum, RangeBehind(sum));
    }

    /// <summary>The same without looking at the sum.</summary>
    public LayerPlace WithoutSkip() => this with { Skip = null, Sum = Biased, Range = Skip is null ? Range : PassedRange.Everything };

    private static Node? OnlyReader(Value value) => value is { IsGraphOutput: false, Uses: [{ Index: >= 0 } use] } ? use.Node : null;

    private static Value? Other(Node add, Value value) => add.Inputs.FirstOrDefault(i => i != value);

    private static double[]? OwnBias(Node node, Contraction contraction, int channels)
    {
        if (contraction.BiasInput < 0 || node.Input(contraction.BiasInput) is not { } bias)
        {
            return new double[channels];
        }

        return bias.Constant is { } constant && Vector(constant, channels, 1) is { } vector ? Array.ConvertAll(vector, v => v * contraction.BiasScale) : null;
    }

    // A constant that is added along one axis, which stands so many places from the last.
    private static double[]? Vector(Tensor constant, int channels, int fromLast)
    {
        if (!constant.ElementType.IsFloat())
        {
            return null;
        }

        if (constant.Count == 1)
        {
            var value = (double)constant.ToFloats()[0];
            return [.. Enumerable.Repeat(value, channels)];
        }

        return constant.Count == channels && constant.Rank >= fromLast && constant.Dims[^fromLast] == channels ? Array.ConvertAll(constant.ToFloats(), v => (double)v) : null;
    }

    // What every reader cuts off need not be right.
    private static PassedRange RangeBehind(Value value)
    {
        if (value.IsGraphOutput || value.Uses.Count == 0)
        {
            return PassedRange.Everything;
        }

        var ranges = value.Uses.Select(u => u.Index < 0 ? PassedRange.Everything : RangeOf(u.Node)).ToList();
        return new PassedRange(ranges.Min(r => r.Low), ranges.Max(r => r.High));
    }

    /// <summary>What a Relu or Clip lets pass; everything for other nodes.</summary>
    public static PassedRange RangeOf(Node node) => OperatorRegistry.Find(node)?.Passes(node) ?? PassedRange.Everything;
}
