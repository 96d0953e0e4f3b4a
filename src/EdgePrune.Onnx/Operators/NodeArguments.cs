namespace EdgePrune.Onnx;

/// <summary>Arguments that an operator takes as an attribute in some versions and as a constant input in others.</summary>
internal static class NodeArguments
{
    /// <summary>Integers from an attribute, else from a constant input; null when neither gives them.</summary>
    public static IReadOnlyList<long>? Ints(Node node, string attribute, int input) =>
        node.Ints(attribute) ?? (node.Input(input)?.Constant is { Rank: <= 1 } constant ? constant.ToInts() : null);

    /// <summary>Whether an input is there and only known when the model runs.</summary>
    public static bool IsComputed(Node node, int input) => node.Input(input) is { Constant: null };

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static int Axis(long axis, int rank)
    {
        var positive = axis < 0 ? axis + rank : axis;
        return positive >= 0 && positive < rank ? (int)positive : throw new ArgumentException($"Axis {axis} is not one of {rank}.");
    }

    /// <summary>Axes counted from the front.</summary>
    public static int[] Axes(IEnumerable<long> axes, int rank) => [.. axes.Select(a => Axis(a, rank))];

    /// <summary>Replaces integers where the node keeps them: in its attribute, else in its input.</summary>
    public static void SetInts(Node node, string attribute, int input, long[] values, ResizeContext change)
    {
        if (node.Ints(attribute) is not null)
        {
            change.SetAttribute(node, attribute, new AttributeValue.Ints(values));
            return;
        }

        // Integer inputs are of 64 bits in most operators and of 32 in a few that allow both.
        var tensor = node.Input(input)?.Constant?.ElementType == ElementType.Int32
            ? new Tensor(ElementType.Int32, [values.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(Array.ConvertAll(values, v => (int)v)).ToArray())
            : Tensor.Vector(values);
        change.SetConstant(node, input, tensor);
    }

    /// <summary>Pins all axes of a node's inputs and outputs: it is used in a way that its definition does not cover.</summary>
    public static void PinWhole(Node node, ShapeTable shapes, AxisLinks links, PinReason reason)
    {
        foreach (var value in node.Inputs.Concat(node.Outputs).OfType<Value>())
        {
            links.PinAll(value, shapes.Rank(value), reason);
        }
    }
}
