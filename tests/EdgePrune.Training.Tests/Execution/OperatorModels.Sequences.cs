using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

internal static partial class OperatorModels
{
    private static Dictionary<string, Func<Model>> Sequences => new(StringComparer.Ordinal)
    {
        ["CumSum"] = () => Make(17, [2, 5], (g, x) =>
        {
            var axis = g.Constant(Tensor.Of([], [-1L]));
            return g.Concat(1, [.. new[] { 0, 1 }.SelectMany(e => new[] { 0, 1 }.Select(r => g.Op("CumSum", [x, axis], ("exclusive", e), ("reverse", r))))]);
        }),
        ["TopK"] = () => MakeMany(17, [3, 7], (g, x) => [.. g.Ops("TopK", 2, [x, g.Ints(3)]), .. g.Ops("TopK", 2, [x, g.Ints(2)], ("axis", 0), ("largest", 0))]),
        ["TopK, attribute"] = () => Make(9, [3, 7], (g, x) => g.OpsOfShapes("TopK", [[3, 2], [3, 2]], [x], ("k", 2))[0]),
        ["Trilu"] = () => Make(17, [2, 4, 5], (g, x) => g.Concat(0, g.Op("Trilu", [x]), g.Op("Trilu", [x, g.Constant(Tensor.Of([], [-1L]))], ("upper", 0)))),
        ["ReverseSequence"] = () => Make(17, [4, 3, 2], (g, x) => g.Op("ReverseSequence", [x, g.Ints(4, 1, 3)])),
        ["ReverseSequence, batch first"] = () => Make(17, [3, 4, 2], (g, x) => g.Op("ReverseSequence", [x, g.Ints(4, 2, 3)], ("time_axis", 1), ("batch_axis", 0))),
        ["ArgMax, ArgMin and Hardmax"] = () => MakeMany(17, [3, 4, 5], (g, x) =>
            [g.Op("ArgMax", [x], ("axis", 1)), g.Op("ArgMin", [x], ("axis", -1), ("keepdims", 0)), g.Op("Hardmax", [x], ("axis", 1))]),
        ["Hardmax before operator set 13"] = () => Make(11, [3, 4, 5], (g, x) => g.Op("Hardmax", [x])),
        ["LogSoftmax before operator set 13"] = () => Make(11, [2, 3, 4], (g, x) => g.Op("LogSoftmax", [x], ("axis", 2))),
        ["LSTM"] = () => Recurrent("LSTM", 4, 1),
        ["LSTM, both ways"] = () => Recurrent("LSTM", 4, 2, ("direction", "bidirectional")),
        ["LSTM, everything"] = () => MakeMany(17, [4, 2, 3], (g, x) =>
        {
            Value[] weights = [g.Weight(0.5f, 2, 20, 3), g.Weight(0.5f, 2, 20, 5), g.Weight(0.5f, 2, 40)];
            return g.OpsOfShapes("LSTM", [[4, 2, 2, 5], [2, 2, 5], [2, 2, 5]], [x, .. weights, Lengths(g, 4, 2), g.Weight(0.5f, 2, 2, 5), g.Weight(0.5f, 2, 2, 5), g.Weight(0.5f, 2, 15)], ("hidden_size", 5), ("direction", "bidirectional"));
        }),
        ["LSTM, backwards with lengths"] = () => MakeMany(17, [4, 3, 2], (g, x) => g.OpsOfShapes("LSTM", [[4, 1, 3, 3], [1, 3, 3], [1, 3, 3]],
            [x, g.Weight(0.5f, 1, 12, 2), g.Weight(0.5f, 1, 12, 3), null, Lengths(g, 3, 4, 1)], ("hidden_size", 3), ("direction", "reverse"))),
        ["LSTM, named activations"] = () => Recurrent("LSTM", 4, 1, ("activations", new[] { "Sigmoid", "Softsign", "Relu" })),
        ["GRU"] = () => Recurrent("GRU", 3, 1),
        ["GRU, reset after"] = () => Recurrent("GRU", 3, 2, ("direction", "bidirectional"), ("linear_before_reset", 1)),
        ["RNN"] = () => Recurrent("RNN", 1, 1),
        ["RNN, named activations, backwards"] = () => Recurrent("RNN", 1, 1, ("direction", "reverse"), ("activations", new[] { "Softplus" })),
    };

    private static Dictionary<string, Func<Model>> Reductions => new(StringComparer.Ordinal)
    {
        ["Reductions"] = () => MakeMany(18, [2, 3, 4], (g, x) => Reduced(g, x, (t, y) => g.Op(t, [y, g.Ints(2, 0)]))),
        ["Reductions, axes not kept"] = () => MakeMany(18, [2, 3, 4], (g, x) => Reduced(g, x, (t, y) => g.Op(t, [y, g.Ints(-1, 0)], ("keepdims", 0)))),
        ["Reductions, attribute"] = () => MakeMany(11, [2, 3, 4], (g, x) => Reduced(g, x, (t, y) => g.Op(t, [y], ("axes", Longs(1)), ("keepdims", 0)))),
        ["Reductions, all axes"] = () => MakeMany(18, [2, 3, 4], (g, x) => Reduced(g, x, (t, y) => g.Op(t, [y]))),
        ["ReduceSum, no axes and no operation"] = () => Make(18, [2, 3, 4], (g, x) => g.Op("ReduceSum", [x], ("noop_with_empty_axes", 1))),
        ["ReduceSum, computed axes"] = () => Make(18, [2, 3, 4], (g, x) => g.OpOfShape("ReduceSum", [2, 3, 1], [x, g.Op("Sub", [g.OpOfShape("Shape", [1], [g.Op("Shape", [x])]), g.Ints(1)])])),
    };

    private static IReadOnlyList<Value> Reduced(GraphBuilder g, Value x, Func<string, Value, Value> reduce)
    {
        string[] ofAll = ["ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceSumSquare", "ReduceMean"];
        return [.. ofAll.Where(t => t != "ReduceSum" || g.Opset != 11).Select(t => reduce(t, x)), reduce("ReduceLogSum", g.Op("Exp", [x]))];
    }

    private static Value Lengths(GraphBuilder g, params int[] lengths) =>
        g.Constant(new Tensor(ElementType.Int32, [lengths.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(lengths).ToArray()));

    private static Model Recurrent(string type, int gates, int directions, params (string, object)[] attributes) => MakeMany(17, [4, 2, 3], (g, x) =>
    {
        Value[] weights = [g.Weight(0.5f, directions, gates * 5, 3), g.Weight(0.5f, directions, gates * 5, 5), g.Weight(0.5f, directions, 2 * gates * 5)];
        return g.OpsOfShapes(type, [[4, directions, 2, 5], [directions, 2, 5]], [x, .. weights, null, g.Weight(0.5f, directions, 2, 5)], [("hidden_size", 5), .. attributes]);
    });
}
