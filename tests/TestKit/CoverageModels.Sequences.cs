using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Sequences() => new(StringComparer.Ordinal)
    {
        ["embedding"] = Of(g => g.MatMul(g.Relu(g.MatMul(Embedded(g), 7)), 3)),
        ["embedding-tied"] = Of(g =>
        {
            var table = g.Weight(0.5f, 10, 8);
            var x = g.Op("Gather", [table, g.Input(ElementType.Int64, 5L)]);
            x = g.Add(x, g.MatMul(g.Relu(g.MatMul(x, 12)), 8));
            return g.Op("Gemm", [x, table], ("transB", 1));
        }),
        ["lstm"] = Of(g => g.MatMul(g.Squeeze(Recurrent(g, "LSTM", g.MatMul(Steps(g), 7), 5)[0], 1), 3)),
        ["lstm-both-ways"] = Of(g =>
        {
            var x = Flat(g, Recurrent(g, "LSTM", Steps(g), 6, both: true)[0], 12);
            return g.MatMul(Flat(g, Recurrent(g, "LSTM", x, 4, both: true)[0], 8), 3);
        }),
        ["lstm-all-inputs"] = Of(g =>
        {
            Value[] weights = [g.Weight(0.4f, 1, 20, 4), g.Weight(0.4f, 1, 20, 5), g.Weight(0.3f, 1, 40)];
            var lengths = g.Constant(new Tensor(ElementType.Int32, [2], new byte[] { 4, 0, 0, 0, 2, 0, 0, 0 }));
            var x = g.Relu(g.MatMul(g.Input(4, 2, 3), 4));
            var states = g.Ops("LSTM", 3, [x, .. weights, lengths, g.Weight(0.5f, 1, 2, 5), g.Weight(0.5f, 1, 2, 5), g.Weight(0.3f, 1, 15)], ("hidden_size", 5));
            return g.MatMul(g.Add(g.Add(states[1], states[2]), g.Squeeze(states[0], 1)), 3);
        }),
        ["gru"] = Of(g => g.MatMul(g.Squeeze(Recurrent(g, "GRU", g.Relu(g.MatMul(Steps(g), 7)), 5)[0], 1), 3)),
        ["gru-encoder-decoder"] = Of(g =>
        {
            var state = Recurrent(g, "GRU", g.Input(4, 2, 3), 6)[1];
            var x = g.Relu(g.MatMul(g.Input(3, 2, 3), 5));
            return g.MatMul(g.Squeeze(Recurrent(g, "GRU", x, 6, state: state)[0], 1), 3);
        }),
        ["rnn-backwards"] = Of(g =>
        {
            var x = g.Op("ReverseSequence", [g.MatMul(Steps(g), 7), g.Ints(4)], ("time_axis", 0), ("batch_axis", 1));
            return g.MatMul(g.Squeeze(Recurrent(g, "RNN", x, 5)[0], 1), 3);
        }),
        ["lstm-last-state"] = () => CoverageFiles.WithoutFirstOutput(Of(g => g.MatMul(g.Squeeze(Recurrent(g, "LSTM", Steps(g), 6)[1], 0), 3))(), "LSTM"),
        ["einsum-forms"] = Of(g =>
        {
            var x = g.Op("Einsum", [g.Input(1, 3, 4, 5), g.Weight(0.5f, 5, 7)], ("equation", " ...i, ij "));
            x = g.Relu(g.Op("Einsum", [g.Weight(0.5f, 6, 7), x], ("equation", "oi,b...i->b...o")));
            var mask = g.Op("Trilu", [g.Weight(0.5f, 6, 4, 4)]);
            x = g.Op("Einsum", [x, mask], ("equation", "bhtc,cts->bhsc"));
            x = g.Op("Einsum", [x, g.Weight(0.5f, 6, 6)], ("equation", "bhsc,cc->bhs"));
            return x;
        }),
        ["trilu"] = Of(g => g.MatMul(g.Relu(g.Transpose(g.Op("Trilu", [g.Transpose(g.MatMul(g.Input(2, 4, 4, 3), 6), 0, 3, 1, 2)]), 0, 2, 3, 1)), 3)),
    };

    private static Value Embedded(GraphBuilder g) => g.Op("Gather", [g.Weight(0.5f, 10, 6), g.Input(ElementType.Int64, 1L, 5L)]);

    // Four steps of one sequence: [steps, batch, 3].
    private static Value Steps(GraphBuilder g) => g.Transpose(g.Input(1, 4, 3), 1, 0, 2);

    // States of all steps and of the last; forward, or both ways.
    private static IReadOnlyList<Value> Recurrent(GraphBuilder g, string type, Value x, long units, bool both = false, Value? state = null)
    {
        var gates = type switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        var directions = both ? 2 : 1;
        Value[] weights = [g.Weight(0.5f, directions, gates * units, g.Shape(x)[^1]), g.Weight(0.4f, directions, gates * units, units), g.Weight(0.3f, directions, 2 * gates * units)];
        return g.Ops(type, 2, state is null ? [x, .. weights] : [x, .. weights, null, state], ("hidden_size", units), ("direction", both ? "bidirectional" : "forward"));
    }

    // [steps, directions, batch, units] to [steps, batch, directions * units].
    private static Value Flat(GraphBuilder g, Value states, long width) => g.Reshape(g.Transpose(states, 0, 2, 1, 3), 0, 0, width);
}
