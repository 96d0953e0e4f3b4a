using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Steps on values whose axis 1 is the channels, with any number of axes of space (none for vectors).</summary>
internal static class RandomChannelSteps
{
    private const int MostChannels = 16;

    private static readonly string[] Pairs = ["Add", "Sub", "Mul", "Min", "Max", "Mean", "Sum", "PRelu"];

    private static readonly string[] Reductions =
        ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp", "ReduceProd", "ReduceLogSum"];

    public static IReadOnlyList<RandomStep> Any { get; } =
    [
        new("Unary", (g, x, c) => [RandomUnary.Apply(g, x, c.Form)]),
        new("TwoUnary", (g, x, c) => [g.Add(RandomUnary.Apply(g, x, c.Form + 19), RandomUnary.Apply(g, x, c.Form + c.Amount))]),
        new("BatchNorm", (g, x, _) => [g.BatchNorm(x)]),
        new("Scale", (g, x, c) => [g.Op(c.Pick("Mul", "Add", "Sub"), c.Flag ? [x, RandomLayers.PerChannel(g, x, 1)] : [RandomLayers.PerChannel(g, x, 1), x])]),
        new("Power", (g, x, c) => [c.Flag ? g.Op("Pow", [RandomUnary.InUnit(g, x), g.Scalar(1.5f)]) : g.Op("Div", [x, RandomUnary.InUnit(g, x)])]),
        new("Modulo", (g, x, _) => [g.Op("Mod", [x, g.Scalar(0.75f)], ("fmod", 1))]) { Since = 10 },
        new("Bounded", (g, x, _) => [g.Relu6(x)]),
        new("Pair", Pair),
        new("Choice", Choice) { Since = 9 },
        new("ConcatTwice", (g, x, _) => g.Channels(x) <= MostChannels / 2 ? [g.Concat(1, x, x)] : []),
        new("ConcatWithConstant", (g, x, c) => g.Channels(x) <= MostChannels - 2 ? [g.Concat(1, x, g.Op(c.Flag ? "Neg" : "Abs", [g.Slice(x, 1, 0, 1)]))] : []),
        new("UnevenSplit", (g, x, c) => g.Channels(x) >= 4 ? g.Split(x, c.Flag ? 1 : 1 - g.Shape(x).Length, 1, g.Channels(x) - 3, 2) : []),
        new("CountedSplit", (g, x, _) => g.Channels(x) >= 5 ? g.Ops("Split", 2, [x], ("axis", 1), ("num_outputs", 2)) : []) { Since = 18 },
        new("SplitOnePart", (g, x, c) => g.Channels(x) >= 3 ? [g.Split(x, 1, 1, g.Channels(x) - 1)[c.Form % 2]] : []),
        new("SliceForms", SliceForms),
        new("SteppedSlice", (g, x, c) => g.Channels(x) >= 4 ? [c.Flag ? g.Slice(x, 1, c.Amount % 2, long.MaxValue, 2) : g.Slice(x, 1, -1, long.MinValue, -1)] : []) { Since = 10 },
        new("PadChannels", PadChannels),
        new("GatherShuffle", (g, x, c) => [RandomShuffles.ByGather(g, x, 1 + (c.Amount % 5))]),
        new("SplitShuffle", (g, x, _) => g.Channels(x) >= 3 ? [RandomShuffles.BySplit(g, x)] : []),
        new("TransposeShuffle", (g, x, c) => RandomLayers.Groups(g, x, c) is > 1 and var n ? [RandomShuffles.ByTranspose(g, x, n, c.Flag)] : []),
        new("GroupedLayer", GroupedLayer),
        new("Softmax", (g, x, c) => [g.Op(c.Pick("Softmax", "LogSoftmax"), [x], ("axis", 1))]),
        new("Hardmax", (g, x, _) => [g.Mul(x, g.Op("Hardmax", [x], ("axis", 1)))]),
        new("CumSum", (g, x, c) => [g.Op("CumSum", [x, g.Constant(Tensor.Of([], [c.Flag ? 1L : 0L]))])]) { Since = 11 },
        new("LpNormalization", (g, x, c) => [g.Op("LpNormalization", [g.Add(x, RandomLayers.PerChannel(g, x, 1))], ("axis", 1), ("p", 1 + (c.Form % 2)))]),
        new("OverChannels", (g, x, c) => [g.Mul(x, g.Sigmoid(Reduce(g, x, c.Form, 1)))]),
        new("ArgOverChannels", (g, x, c) => [g.Mul(x, g.Op("Cast", [g.Op(c.Flag ? "ArgMax" : "ArgMin", [x], ("axis", 1))], ("to", 1)))]),
        new("Tile", (g, x, _) => g.Channels(x) <= 5 ? [g.Op("Tile", [x, g.Ints([1, 2, .. RandomLayers.Repeat(1, g.Shape(x).Length - 2)])])] : []),
        new("ConstantNode", (g, x, c) => [g.Op(c.Flag ? "Mul" : "Add", [x, ConstantNode(g, x)])]),
        new("ConstantOfShape", (g, x, _) => [g.Add(x, g.Op("ConstantOfShape", [g.Ints([g.Channels(x), .. RandomLayers.Repeat(1, g.Shape(x).Length - 2)])], ("value", Tensor.Of([1], [0.25f]))))]) { Since = 9 },
        new("BySize", (g, x, _) => [g.Op("Div", [x, g.Op("Cast", [g.Op("Size", [x])], ("to", 1))])]),
        new("Casts", (g, x, _) => [g.Op("Cast", [g.Op("Cast", [x], ("to", (long)ElementType.Float64))], ("to", (long)ElementType.Float32))]),
        new("IntegerCast", (g, x, _) => [g.Op("Cast", [g.Op("Cast", [x], ("to", (long)ElementType.Int32))], ("to", (long)ElementType.Float32))]),
        new("Output", (g, x, c) => Output(g, x, c)),
        new("ComputedShape", (g, x, c) => [ComputedShape(g, x, c.Flag)]) { To = RandomLayout.Vector },
        new("LiteralShape", (g, x, c) => LiteralShape(g, x, c.Flag)) { To = RandomLayout.Vector },
    ];

    /// <summary>Reduces; operators of positive numbers get such.</summary>
    public static Value Reduce(GraphBuilder g, Value x, int choice, params long[] axes)
    {
        var type = Reductions[choice % Reductions.Length];
        return g.Reduce(type, type is "ReduceProd" or "ReduceLogSum" ? RandomUnary.InUnit(g, x) : x, true, axes);
    }

    private static IEnumerable<Value> Pair(GraphBuilder g, Value x, RandomChoice c)
    {
        if (!g.Shape(x).Skip(2).SequenceEqual(g.Shape(c.Partner).Skip(2)))
        {
            return [];
        }

        var other = c.Partner;
        if (g.Channels(x) != g.Channels(other))
        {
            other = g.Shape(x).Length == 2 ? g.Gemm(other, g.Channels(x)) : RandomLayers.Conv(g, other, g.Channels(x), 1);
        }

        return [g.Op(c.Pick(Pairs), [x, other])];
    }

    // Comparisons of every kind, joined by logic, that choose between the value and another.
    private static IEnumerable<Value> Choice(GraphBuilder g, Value x, RandomChoice c)
    {
        var level = g.Scalar(0.1f);
        Value[] parts =
        [
            c.Form % 7 == 6 && g.Opset >= 12 ? g.Op("LessOrEqual", [x, level]) : g.Op("Less", [x, level]),
            c.Form % 5 == 4 && g.Opset >= 12 ? g.Op("GreaterOrEqual", [x, RandomLayers.PerChannel(g, x, 1)]) : g.Op("Greater", [x, RandomLayers.PerChannel(g, x, 1)]),
            g.Op("Not", [g.Op("IsNaN", [x])]),
            c.Form % 3 == 2 && g.Opset >= 10 ? g.Op("IsInf", [x]) : g.Op("Equal", [ToInt(g, x), ToInt(g, g.Op("Neg", [x]))]),
        ];
        var condition = g.Op(c.Pick("And", "Or", "Xor"), [parts[c.Amount % 4], parts[c.Amount / 4]]);
        return [g.Op("Where", c.Flag ? [condition, x, g.Op("Neg", [x])] : [condition, x, level])];
    }

    private static Value ToInt(GraphBuilder g, Value x) => g.Op("Cast", [x], ("to", (long)ElementType.Int32));

    private static IEnumerable<Value> SliceForms(GraphBuilder g, Value x, RandomChoice c)
    {
        if (g.Channels(x) < 3)
        {
            return [];
        }

        return (c.Form % 5) switch
        {
            0 => [g.Slice(x, 1, 1, long.MaxValue)],
            1 => [g.Slice(x, 1 - g.Shape(x).Length, -2, g.Channels(x))],
            2 => [g.Slice(x, 1, -100, -1)],
            3 => [g.Slice(x, 1, 0, int.MaxValue)],
            _ => g.Opset >= 10
                ? [g.Op("Slice", [x, g.Ints(0, 1), g.Ints(long.MaxValue, g.Channels(x))])]
                : [g.Op("Slice", [x], ("starts", new[] { 0L, 1L }), ("ends", new[] { long.MaxValue, g.Channels(x) }))],
        };
    }

    private static IEnumerable<Value> PadChannels(GraphBuilder g, Value x, RandomChoice c)
    {
        var rest = RandomLayers.Repeat(0, g.Shape(x).Length - 2);
        if (g.Channels(x) is < 3 or > 12)
        {
            return [];
        }

        return c.Form % 4 == 3 && g.Opset >= 18
            ? [g.Op("Pad", [x, g.Ints(1, 2), g.Scalar(0.5f), g.Ints(1)])]
            : [g.Pad(x, [0, c.Pick<long>(1, 0, -1), .. rest, 0, c.Pick<long>(2, 1, 1, -1), .. rest])];
    }

    private static IEnumerable<Value> GroupedLayer(GraphBuilder g, Value x, RandomChoice c)
    {
        var groups = RandomLayers.Groups(g, x, c);
        if (g.Shape(x).Length == 2 || groups == 1)
        {
            return [];
        }

        return [RandomLayers.Conv(g, x, groups * (1 + (c.Amount % 3)), c.Flag ? 3 : 1, groups)];
    }

    private static Value ConstantNode(GraphBuilder g, Value x)
    {
        long[] dims = [g.Channels(x), .. RandomLayers.Repeat(1, g.Shape(x).Length - 2)];
        return g.OpOfShape("Constant", dims, [], ("value", g.RandomTensor(0.5f, 1, dims)));
    }

    // Seldom: an output pins its channels, and little could be pruned if many were.
    private static IEnumerable<Value> Output(GraphBuilder g, Value x, RandomChoice c)
    {
        if (c.Form % 8 == 0 && !x.IsGraphOutput)
        {
            g.Output(x);
        }

        return [];
    }

    // The batch's size is read from the value, and the shape is put together when the model runs.
    private static Value ComputedShape(GraphBuilder g, Value x, bool spelledOut)
    {
        var shape = g.Shape(x);
        var rest = Tensor.Elements(shape.AsSpan(1));
        var batch = g.Op("Gather", [g.Op("Shape", [x]), g.Constant(Tensor.Of([], [0L]))], ("axis", 0));
        var target = g.Concat(0, g.Unsqueeze(batch, 0), g.Ints(spelledOut ? rest : -1));
        return g.OpOfShape("Reshape", [shape[0], rest], [x, target]);
    }

    private static IEnumerable<Value> LiteralShape(GraphBuilder g, Value x, bool first)
    {
        var rest = Tensor.Elements(g.Shape(x).AsSpan(1));
        return [first ? g.Reshape(x, -1, rest) : g.Reshape(x, 0, rest)];
    }
}
