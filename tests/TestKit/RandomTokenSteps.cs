using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Steps on tokens [N, T, C].</summary>
internal static class RandomTokenSteps
{
    public static IReadOnlyList<RandomStep> All { get; } =
    [
        new("Linear", (g, x, c) => [RandomAttention.Linear(g, x, 2 + (c.Amount % 7))]),
        new("MatMulOnly", (g, x, c) => [g.MatMul(x, 2 + (c.Amount % 7))]),
        new("FeedForward", (g, x, c) => [g.Add(x, RandomAttention.Linear(g, g.Op(c.Flag ? "Relu" : "Erf", [RandomAttention.Linear(g, x, 3 + (c.Amount % 8))]), Width(g, x)))]),
        new("GatedUnit", Gated),
        new("Heads", (g, x, c) => [g.Add(x, RandomAttention.Apply(g, x, 2, 2, 2 + (c.Amount % 3)))]),
        new("SharedHeads", (g, x, c) => [RandomAttention.Apply(g, x, 4, c.Flag ? 2 : 1, 2)]),
        new("JointHeads", (g, x, c) => [g.Add(x, RandomAttention.Joint(g, x, 1 + (c.Form % 3), 2 + (c.Amount % 2)))]),
        new("SingleHead", (g, x, c) => [RandomAttention.Single(g, x, 2 + (c.Amount % 4))]),
        new("LayerNorm", (g, x, _) => [g.LayerNorm(x)]) { Since = 17 },
        new("LayerNormInParts", (g, x, c) => [NormInParts(g, x, c.Flag)]),
        new("Einsum", (g, x, c) => [Einsum(g, x, 2 + (c.Amount % 6), c.Flag)]) { Since = 12 },
        new("EinsumScores", EinsumScores) { Since = 12 },
        new("Lstm", (g, x, c) => [RandomRecurrent.Apply(g, x, "LSTM", 4, 2 + (c.Amount % 4), c.Flag)]),
        new("Gru", (g, x, c) => [RandomRecurrent.Apply(g, x, "GRU", 3, 2 + (c.Amount % 4), c.Flag)]),
        new("Rnn", (g, x, c) => [RandomRecurrent.Apply(g, x, "RNN", 1, 2 + (c.Amount % 4), c.Flag)]),
        new("TopTokens", (g, x, c) => [g.Ops("TopK", 2, [x, g.Ints(1 + (c.Amount % (int)g.Shape(x)[1]))], ("axis", 1))[0]]) { Since = 11 },
        new("Lower", (g, x, _) => [g.Op("Trilu", [x], ("upper", 0))]) { Since = 14 },
        new("LastOfLstm", (g, x, c) => [RandomRecurrent.Last(g, x, "LSTM", 4, 2 + (c.Amount % 4))]),
        new("Mixer", (g, x, c) => [g.Transpose(g.MatMul(g.Transpose(x, 0, 2, 1), (int)g.Shape(x)[1]), 0, 2, 1)]),
        new("Activation", (g, x, c) => [RandomUnary.Apply(g, x, c.Form)]),
        new("Scale", (g, x, c) => [g.Op(c.Flag ? "Mul" : "Add", [x, g.Weight(1, Width(g, x))])]),
        new("Pair", (g, x, c) => g.Shape(x).SequenceEqual(g.Shape(c.Partner)) ? [g.Op(c.Pick("Add", "Mul", "Sub", "Max"), [x, c.Partner])] : []),
        new("ConcatWidth", (g, x, c) => g.Shape(x)[1] == g.Shape(c.Partner)[1] && Width(g, x) + Width(g, c.Partner) <= 16 ? [g.Concat(c.Flag ? 2 : -1, x, c.Partner)] : []),
        new("ConcatTokens", (g, x, c) => Width(g, x) == Width(g, c.Partner) && g.Shape(x)[1] + g.Shape(c.Partner)[1] <= 8 ? [g.Concat(1, x, c.Partner)] : []),
        new("SplitWidth", (g, x, c) => Width(g, x) >= 2 ? g.Split(x, 2, 1 + (c.Amount % (Width(g, x) - 1)), Width(g, x) - 1 - (c.Amount % (Width(g, x) - 1))) : []),
        new("FirstToken", (g, x, c) => [c.Flag ? g.Op("Gather", [x, g.Constant(Tensor.Of([], [0L]))], ("axis", 1)) : g.Squeeze(g.Slice(x, 1, 0, 1), 1)]) { To = RandomLayout.Vector },
        new("MeanOfTokens", (g, x, c) => [g.Reduce(c.Pick("ReduceMean", "ReduceSum", "ReduceMax"), x, false, 1)]) { To = RandomLayout.Vector },
        new("FlatTokens", (g, x, _) => [g.Flatten(x)]) { To = RandomLayout.Vector },
        new("Softmax", (g, x, _) => [g.Softmax(x, 2)]),
        new("ToSignal", (g, x, _) => [g.Transpose(x, 0, 2, 1)]) { To = RandomLayout.Signal },
        new("Conv", (g, x, c) => [g.Transpose(RandomLayers.Conv(g, g.Transpose(x, 0, 2, 1), 2 + (c.Amount % 5), 3), 0, 2, 1)]),
        new("SharedLinear", SharedLinear),
        new("Mask", (g, x, c) => [g.Op("Where", [g.Op("Greater", [x, g.Scalar(0)]), x, g.Mul(x, g.Scalar(0.5f))])]) { Since = 9 },
    ];

    /// <summary>Steps of any layout that give tokens.</summary>
    public static IReadOnlyList<RandomStep> Sources { get; } =
    [
        new("Embedding", (g, _, c) => [g.Op("Gather", [g.Weight(1, 2, 3 + (c.Amount % 4)), c.NewInput(ElementType.Int64, [3])])]) { To = RandomLayout.Tokens },
    ];

    private static int Width(GraphBuilder g, Value x) => (int)g.Shape(x)[2];

    private static IEnumerable<Value> Gated(GraphBuilder g, Value x, RandomChoice c)
    {
        var width = 2 + (c.Amount % 4);
        var parts = g.Split(RandomAttention.Linear(g, x, 2 * width), 2, width, width);
        return [RandomAttention.Linear(g, g.Mul(parts[0], g.Sigmoid(parts[1])), Width(g, x))];
    }

    private static Value NormInParts(GraphBuilder g, Value x, bool centred)
    {
        var y = centred ? g.Op("Sub", [x, g.ReduceMean(x, true, -1)]) : x;
        var variance = g.ReduceMean(g.Op("Pow", [y, g.Scalar(2)]), true, -1);
        return g.Mul(g.Op("Div", [y, g.Op("Sqrt", [g.Add(variance, g.Scalar(0.01f))])]), g.Weight(1, Width(g, x)));
    }

    private static Value Einsum(GraphBuilder g, Value x, int units, bool transposed)
    {
        var shape = g.Shape(x);
        var weight = transposed ? g.Weight(0.5f, units, shape[2]) : g.Weight(0.5f, shape[2], units);
        return g.OpOfShape("Einsum", [shape[0], shape[1], units], [x, weight], ("equation", transposed ? "btc,dc->btd" : "btc,cd->btd"));
    }

    private static IEnumerable<Value> EinsumScores(GraphBuilder g, Value x, RandomChoice c)
    {
        var (shape, width) = (g.Shape(x), 2 + (c.Amount % 3));
        var query = Einsum(g, x, width, c.Flag);
        var scores = g.OpOfShape("Einsum", [shape[0], shape[1], shape[1]], [query, RandomAttention.Linear(g, x, width)], ("equation", "bqd,bkd->bqk"));
        return [g.MatMul(g.Softmax(scores, 2), RandomAttention.Linear(g, x, width))];
    }

    private static IEnumerable<Value> SharedLinear(GraphBuilder g, Value x, RandomChoice c)
    {
        var weight = g.Weight(0.5f, Width(g, x), Width(g, x));
        return [g.MatMul(g.Relu(g.MatMul(x, weight)), weight)];
    }
}
