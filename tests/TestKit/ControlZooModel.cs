using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Comparisons, integer results and shape arithmetic.</summary>
internal static class ControlZooModel
{
    public static Model Make()
    {
        GraphBuilder g = new(21);
        var x = g.Relu(g.Conv(g.Input(1, 3, 4, 4), 6));
        var y = g.Conv(x, 6);
        foreach (var mask in Masks(g, x, y))
        {
            x = g.Op("Where", [mask, x, y]);
        }

        g.Output(g.Op("ArgMax", [x], ("axis", 1), ("keepdims", 0)));
        g.Output(g.Op("ArgMin", [x], ("axis", 2)));
        g.Output(g.Op("Size", [x]));
        var largest = g.Ops("MaxPool", 2, [x], ("kernel_shape", new long[] { 2, 2 }));
        g.Output(largest[1]);
        x = g.Add(largest[0], g.Op("ConstantOfShape", [g.Ints(6, 1, 1)], ("value", Tensor.Of([1], [0.25f]))));
        g.Output(g.Flatten(g.GlobalAveragePool(g.Conv(x, 4))));
        return g.Build();
    }

    private static IEnumerable<Value> Masks(GraphBuilder g, Value x, Value y)
    {
        var less = g.Op("Less", [x, y]);
        var greater = g.Op("Greater", [x, g.Scalar(0.1f)]);
        yield return g.Op("And", [less, g.Op("Not", [greater])]);
        yield return g.Op("Or", [g.Op("LessOrEqual", [x, y]), g.Op("GreaterOrEqual", [y, g.Scalar(0.2f)])]);
        yield return g.Op("Xor", [less, g.Op("IsNaN", [x])]);
        yield return g.Op("Equal", [g.Op("Cast", [x], ("to", (long)ElementType.Int32)), g.Op("Cast", [y], ("to", (long)ElementType.Int32))]);
        yield return g.Op("IsInf", [y]);
    }
}
