using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Integers that a node takes: fixed, or read from an input that is computed while the model runs.</summary>
/// <param name="inputs">The node's inputs.</param>
/// <returns>The integers, or null when none are given.</returns>
internal delegate long[]? IntegerSource(KernelInputs inputs);

/// <summary>Arguments that operators take as an attribute in some versions and as an input in others.</summary>
internal static class NodeConstants
{
    /// <summary>Integers from an attribute, else from an input.</summary>
    public static IntegerSource Ints(Node node, string attribute, int input)
    {
        var known = node.Ints(attribute)?.ToArray() ?? node.Input(input)?.Constant?.ToInts();
        return known is not null || node.Input(input) is null ? _ => known : x => TorchTensors.ToInts(x[input]);
    }

    /// <summary>One integer from an input, else from an attribute.</summary>
    public static Func<KernelInputs, long> Int(Node node, string attribute, int input, long otherwise)
    {
        var known = node.Input(input) is null ? node.Int(attribute, otherwise) : node.Input(input)!.Constant?.ToInts()[0];
        return known is { } number ? _ => number : x => TorchTensors.ToInts(x[input])[0];
    }

    /// <summary>Real numbers from an attribute, else from an input; null when neither gives them.</summary>
    public static Func<KernelInputs, float[]?> Floats(Node node, string attribute, int input)
    {
        var known = (node.Attributes.GetValueOrDefault(attribute) as AttributeValue.Floats)?.Values.ToArray() ?? node.Input(input)?.Constant?.ToFloats();
        return known is not null || node.Input(input) is null ? _ => known : x => TorchTensors.ToFloats(x[input]);
    }

    /// <summary>A number from a constant input, else from an attribute; null when neither gives it.</summary>
    public static double? Number(Node node, string attribute, int input) => node.Input(input)?.Constant is { } constant
        ? constant.ElementType.IsFloat() ? constant.ToFloats()[0] : constant.ToInts()[0]
        : node.Attributes.ContainsKey(attribute) ? node.Float(attribute, 0) : null;

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static int Axis(long axis, long rank)
    {
        var positive = axis < 0 ? axis + rank : axis;
        return positive >= 0 && positive < rank ? (int)positive : throw new ArgumentException($"axis {axis} is not one of {rank}.");
    }

    /// <summary>Axes counted from the front, in ascending order.</summary>
    public static long[] Axes(IEnumerable<long> axes, long rank) => [.. axes.Select(a => (long)Axis(a, rank)).Order()];

    /// <summary>Axes from one on to the last.</summary>
    public static long[] AxesFrom(long first, long rank) => [.. Enumerable.Range((int)first, (int)(rank - first)).Select(a => (long)a)];

    /// <summary>Indices counted from the front of an axis, where negative ones count from its end.</summary>
    public static torch.Tensor Indices(torch.Tensor indices, long size)
    {
        var whole = indices.to(torch.ScalarType.Int64);
        return torch.where(whole.lt(0), whole + size, whole);
    }

    /// <summary>A tensor of integers.</summary>
    public static torch.Tensor Vector(IEnumerable<long> values) => torch.tensor(values.ToArray());
}
