using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Attention over tokens [N, T, C] as exporters write it.</summary>
internal static class RandomAttention
{
    /// <summary>Several heads, each with its keys and values, or fewer of those that heads share.</summary>
    public static Value Apply(GraphBuilder g, Value x, int heads, int sharedHeads, int width)
    {
        var channels = (int)g.Shape(x)[2];
        var query = Heads(g, Linear(g, x, heads * width), heads, width, [0, 2, 1, 3]);
        var keys = Shared(g, Heads(g, Linear(g, x, sharedHeads * width), sharedHeads, width, [0, 2, 1, 3]), heads, sharedHeads);
        var values = Shared(g, Heads(g, Linear(g, x, sharedHeads * width), sharedHeads, width, [0, 2, 1, 3]), heads, sharedHeads);
        return Linear(g, Join(g, Weigh(g, query, g.Transpose(keys, 0, 1, 3, 2), values, width)), channels);
    }

    /// <summary>One layer for queries, keys and values, cut by Split.</summary>
    public static Value Joint(GraphBuilder g, Value x, int heads, int width)
    {
        var (channels, all) = ((int)g.Shape(x)[2], heads * width);
        var parts = g.Split(Linear(g, x, 3 * all), 2, all, all, all);
        var keys = Heads(g, parts[1], heads, width, [0, 2, 3, 1]);
        return Linear(g, Join(g, Weigh(g, Heads(g, parts[0], heads, width, [0, 2, 1, 3]), keys, Heads(g, parts[2], heads, width, [0, 2, 1, 3]), width)), channels);
    }

    /// <summary>One head without reshapes.</summary>
    public static Value Single(GraphBuilder g, Value x, int width)
    {
        var query = Linear(g, x, width);
        var scores = g.Softmax(g.MatMul(query, g.Transpose(Linear(g, x, width), 0, 2, 1)), g.Opset >= 13 ? -1 : 2);
        return Linear(g, g.MatMul(scores, Linear(g, x, width)), (int)g.Shape(x)[2]);
    }

    /// <summary>MatMul and Add on the last axis.</summary>
    public static Value Linear(GraphBuilder g, Value x, int units) => g.Add(g.MatMul(x, units), g.Weight(0.3f, units));

    private static Value Heads(GraphBuilder g, Value x, int heads, int width, long[] order) => g.Transpose(g.Reshape(x, 0, 0, heads, width), order);

    private static Value Join(GraphBuilder g, Value x)
    {
        var shape = g.Shape(x);
        return g.Reshape(g.Transpose(x, 0, 2, 1, 3), 0, 0, shape[1] * shape[3]);
    }

    private static Value Weigh(GraphBuilder g, Value query, Value keys, Value values, int width)
    {
        var scores = g.Mul(g.MatMul(query, keys), g.Scalar(1 / MathF.Sqrt(width)));
        return g.MatMul(g.Softmax(scores, g.Opset >= 13 ? -1 : 3), values);
    }

    private static Value Shared(GraphBuilder g, Value x, int heads, int sharedHeads)
    {
        if (heads == sharedHeads)
        {
            return x;
        }

        var shape = g.Shape(x);
        var repeated = g.Op("Expand", [g.Unsqueeze(x, 2), g.Ints(1, 1, heads / sharedHeads, 1, 1)]);
        return g.Reshape(repeated, 0, heads, shape[2], shape[3]);
    }
}
