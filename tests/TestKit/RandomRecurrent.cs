using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Recurrent operators over tokens [N, T, C].</summary>
internal static class RandomRecurrent
{
    /// <summary>All hidden states, [N, T, H], or [N, T, 2 H] of both directions.</summary>
    public static Value Apply(GraphBuilder g, Value x, string type, int gates, int hidden, bool both)
    {
        var (tokens, directions) = (g.Shape(x)[1], both ? 2 : 1);
        var y = Outputs(g, x, type, gates, hidden, directions)[0];
        return directions == 1
            ? g.Transpose(g.Squeeze(y, 1), 1, 0, 2)
            : g.Transpose(g.Reshape(g.Transpose(y, 0, 2, 1, 3), tokens, -1, 2 * hidden), 1, 0, 2);
    }

    /// <summary>The last hidden state, [N, H].</summary>
    public static Value Last(GraphBuilder g, Value x, string type, int gates, int hidden) =>
        g.Squeeze(Outputs(g, x, type, gates, hidden, 1)[1], 0);

    private static IReadOnlyList<Value> Outputs(GraphBuilder g, Value x, string type, int gates, int hidden, int directions)
    {
        var (batch, tokens, width) = (g.Shape(x)[0], g.Shape(x)[1], g.Shape(x)[2]);
        return g.OpsOfShapes(type, [[tokens, directions, batch, hidden], [directions, batch, hidden]],
            [g.Transpose(x, 1, 0, 2), g.Weight(0.5f, directions, gates * hidden, width), g.Weight(0.5f, directions, gates * hidden, hidden), g.Weight(0.2f, directions, 2 * gates * hidden)],
            ("hidden_size", hidden), ("direction", directions == 2 ? "bidirectional" : "forward"));
    }
}
