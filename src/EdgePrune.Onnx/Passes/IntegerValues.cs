namespace EdgePrune.Onnx;

/// <summary>
/// Integers that a model computes from sizes, for one choice of the free dimensions: the arguments of a Reshape written as
/// Shape, Gather, Unsqueeze and Concat.
/// </summary>
internal static class IntegerValues
{
    // Shapes are short; anything longer is data.
    private const int Longest = 64;

    /// <summary>What a node gives, or null when it gives no small 64-bit integers or they are not known.</summary>
    public static Tensor? Evaluate(Node node, ShapeTable shapes)
    {
        if (node.Domain.Length > 0 || node.Outputs.Count != 1)
        {
            return null;
        }

        var result = node.OperatorType switch
        {
            "Shape" => shapes.Find(node.Input(0)) is { } all ? Tensor.Vector([.. ShapeDefinition.Range(node, all.Length).Select(axis => all[axis])]) : null,
            "Size" => shapes.Find(node.Input(0)) is { } all ? Tensor.Of([], [Tensor.Elements(all)]) : null,
            _ => Inputs(node, shapes) is { } inputs ? Compute(node, inputs) : null,
        };
        return result?.Count <= Longest ? result : null;
    }

    private static List<Tensor>? Inputs(Node node, ShapeTable shapes)
    {
        List<Tensor> inputs = [];
        foreach (var value in node.Inputs)
        {
            if (value is null || shapes.FindIntegers(value) is not { Rank: <= 1, Count: <= Longest } tensor)
            {
                return null;
            }

            inputs.Add(tensor);
        }

        return inputs.Count > 0 ? inputs : null;
    }

    private static Tensor? Compute(Node node, List<Tensor> inputs) => node.OperatorType switch
    {
        "Identity" => inputs[0],
        "Cast" when node.Int("to", 0) == (long)ElementType.Int64 => Tensor.Of(inputs[0].Dims, inputs[0].ToInts()),
        "Unsqueeze" when inputs[0].Rank == 0 => inputs[0].Reshape(1),
        "Squeeze" when inputs[0].Count == 1 => inputs[0].Reshape(),
        "Reshape" when inputs[1].ToInts() is [-1] => inputs[0].Reshape(inputs[0].Count),
        "Concat" when inputs.TrueForAll(i => i.Rank == 1) => Tensor.Vector([.. inputs.SelectMany(i => i.ToInts())]),
        "Gather" when inputs[0].Rank == 1 => Pick(inputs[0], inputs[1]),
        "Slice" when inputs.Count >= 3 => Cut(inputs),
        "Add" => Elementwise(inputs, (a, b) => a + b),
        "Sub" => Elementwise(inputs, (a, b) => a - b),
        "Mul" => Elementwise(inputs, (a, b) => a * b),
        "Div" when inputs[1].ToInts().All(d => d != 0) => Elementwise(inputs, (a, b) => a / b),
        _ => null,
    };

    private static Tensor Pick(Tensor data, Tensor indices)
    {
        var values = data.ToInts();
        return Tensor.Of(indices.Dims, [.. NodeArguments.Axes(indices.ToInts(), values.Length).Select(i => values[i])]);
    }

    private static Tensor? Cut(List<Tensor> inputs)
    {
        var values = inputs[0].ToInts();
        if (inputs[1].Count != 1 || (inputs.Count > 3 && inputs[3].ToInts() is not [0]) || (inputs.Count > 4 && inputs[4].ToInts() is not [1]))
        {
            return null; // Only plain ranges of a vector.
        }

        var (start, end) = (At(inputs[1].ToInts()[0], values.Length), At(inputs[2].ToInts()[0], values.Length));
        return Tensor.Vector(values.AsSpan(start..Math.Max(start, end)));
    }

    private static int At(long index, int size) => (int)Math.Clamp(index < 0 ? index + size : index, 0, size);

    private static Tensor? Elementwise(List<Tensor> inputs, Func<long, long, long> combine)
    {
        var (a, b) = (inputs[0].ToInts(), inputs[1].ToInts());
        if (a.Length != b.Length && a.Length != 1 && b.Length != 1)
        {
            return null;
        }

        var values = new long[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = combine(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
        }

        return Tensor.Of(inputs[0].Rank == 0 && inputs[1].Rank == 0 ? [] : [values.Length], values);
    }
}
