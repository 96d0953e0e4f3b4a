using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Networks() => new(StringComparer.Ordinal)
    {
        ["batch-norm-vectors"] = Of(g => g.Gemm(g.Relu(g.BatchNorm(g.Relu(g.Gemm(g.BatchInput(6), 8)))), 3)),
        ["grouped-concat-whole"] = OfImage((g, x) => g.Conv(g.Relu(g.Conv(g.Concat(1, g.Conv(x, 4), g.Conv(x, 8)), 12, groups: 6)), 5)),
        ["grouped-concat"] = OfImage((g, x) => g.Conv(g.Relu(g.Conv(g.Concat(1, g.Conv(x, 4), g.Conv(x, 4)), 8, groups: 2)), 5)),
        ["temporal"] = Of(g =>
        {
            var x = g.Relu(ConvOver(g, g.Input(1, 3, 12), 8));
            var kernel = g.Weight(0.3f, 8, 8, 2);
            var causal = g.Slice(g.Op("Conv", [x, kernel], ("pads", new long[] { 2, 2 }), ("dilations", new long[] { 2 })), 2, 0, -2);
            return g.Gemm(g.Squeeze(g.Slice(g.Add(x, g.Relu(causal)), 2, -1, long.MaxValue), 2), 3);
        }),
        ["gated-linear-unit"] = OfImage((g, x) =>
        {
            var halves = g.Split(g.Conv(x, 12), 1, 6, 6);
            return g.Conv(g.Mul(g.Op("Tanh", [halves[0]]), g.Sigmoid(halves[1])), 5);
        }),
        ["scale-cascade"] = OfImage((g, x) =>
        {
            var parts = g.Split(g.Relu(g.Conv(x, 12, kernel: 1)), 1, 4, 4, 4);
            var second = g.Relu(g.Conv(parts[1], 4));
            return g.Conv(g.Concat(1, parts[0], second, g.Relu(g.Conv(g.Add(parts[2], second), 4))), 6, kernel: 1);
        }),
        ["mixed-kernels"] = OfImage((g, x) =>
        {
            var parts = g.Split(g.Relu(g.Conv(x, 10, kernel: 1)), 1, 4, 6);
            var wide = g.Conv(parts[1], g.Weight(0.3f, 6, 1, 5, 5), null, groups: 6);
            return g.Conv(g.Concat(1, g.Depthwise(parts[0]), wide), 6, kernel: 1);
        }),
        ["maxout"] = OfImage((g, x) =>
            g.Conv(g.Op("ReduceMax", [g.Reshape(g.Conv(x, 12), 1, 6, 2, 8, 8)], ("axes", new long[] { 2 }), ("keepdims", 0)), 5)),
        ["selective-kernel"] = OfImage((g, x) =>
        {
            var (a, b) = (g.Conv(x, 6), g.Conv(x, 6, kernel: 5));
            var squeezed = g.Relu(g.Gemm(g.ReduceMean(g.Add(a, b), false, 2, 3), 4));
            var gates = g.Softmax(g.Concat(1, g.Unsqueeze(g.Gemm(squeezed, 6), 1), g.Unsqueeze(g.Gemm(squeezed, 6), 1)), 1);
            var both = g.Mul(g.Concat(1, g.Unsqueeze(a, 1), g.Unsqueeze(b, 1)), g.Unsqueeze(gates, 3, 4));
            return g.Conv(g.Op("ReduceSum", [both, g.Ints(1)], ("keepdims", 0)), 5);
        }),
        ["coordinate-attention"] = OfImage((g, x) =>
        {
            var rows = g.Concat(2, g.ReduceMean(x, true, 3), g.Transpose(g.ReduceMean(x, true, 2), 0, 1, 3, 2));
            var parts = g.Split(g.Relu(g.Conv(rows, 4, kernel: 1)), 2, 8, 8);
            var down = g.Sigmoid(g.Conv(parts[0], 8, kernel: 1));
            return g.Conv(g.Mul(g.Mul(x, down), g.Sigmoid(g.Conv(g.Transpose(parts[1], 0, 1, 3, 2), 8, kernel: 1))), 5);
        }),
        ["gate-of-one-channel"] = OfImage((g, x) =>
        {
            var gate = g.Op("Expand", [g.Sigmoid(g.Conv(x, 1, kernel: 1)), g.Ints(1, 8, 1, 1)]);
            return g.Conv(g.Mul(x, gate), 5);
        }),
        ["tiled-channels"] = OfImage((g, x) => g.Conv(g.Add(g.Op("Tile", [g.Conv(x, 4), g.Ints(1, 3, 1, 1)]), g.Conv(x, 12)), 5)),
        ["shared-heads"] = Of(g =>
        {
            var x = g.Relu(g.Conv(g.Input(1, 3, 8, 8), 8));
            var low = g.Relu(g.Conv(g.MaxPool(x), 8));
            x = g.Add(x, g.Upscale(g.Conv(low, 8, kernel: 1)));
            var (hidden, last) = (g.Weight(0.2f, 6, 8, 3, 3), g.Weight(0.2f, 8, 6, 1, 1));
            Value Level(Value level, long side) => g.Reshape(g.Transpose(g.Conv(g.Relu(g.Conv(level, hidden, null)), last, null), 0, 2, 3, 1), 1, side * side * 2, 4);
            return g.Concat(1, Level(x, 8), Level(low, 4));
        }),
        ["layer-norm-image"] = OfImage((g, x) =>
            g.Relu(g.Op("LayerNormalization", [g.Conv(x, 6), g.Weight(1, 6, 8, 8), g.Weight(1, 6, 8, 8)], ("axis", 1), ("epsilon", 1e-2f)))),
        ["attention-masked-free-batch"] = Of(g =>
        {
            var x = g.MatMul(g.BatchInput(6, 5), 8);
            Value Split() => g.Transpose(g.Reshape(g.MatMul(x, 8), -1, 6, 2, 4), 0, 2, 1, 3);
            var allowed = g.Constant(new Tensor(ElementType.Bool, [6, 6], Enumerable.Range(0, 36).Select(i => (byte)(i % 6 <= i / 6 ? 1 : 0)).ToArray()));
            var scores = g.Op("Where", [allowed, g.MatMul(Split(), g.Transpose(Split(), 0, 1, 3, 2)), g.Scalar(-1e4f)]);
            var mixed = g.Reshape(g.Transpose(g.MatMul(g.Softmax(scores, -1), Split()), 0, 2, 1, 3), -1, 6, 8);
            return g.MatMul(g.Add(x, g.MatMul(mixed, 8)), 3);
        }),
        ["attention-rotary"] = OfTokens((g, x) =>
        {
            Value Turned(Value heads)
            {
                var crossed = g.Concat(-1, g.Op("Neg", [g.Slice(heads, 3, 2, long.MaxValue)]), g.Slice(heads, 3, 0, 2));
                return g.Add(g.Mul(heads, g.Weight(1, 6, 4)), g.Mul(crossed, g.Weight(1, 6, 4)));
            }

            return g.MatMul(Attend(g, Turned(Heads(g, g.MatMul(x, 8), 2)), Turned(Heads(g, g.MatMul(x, 8), 2)), Heads(g, g.MatMul(x, 8), 2)), 8);
        }),
        ["swiglu"] = OfTokens((g, x) =>
        {
            var gate = g.MatMul(x, 12);
            return g.Add(x, g.MatMul(g.Mul(g.Mul(gate, g.Sigmoid(gate)), g.MatMul(x, 12)), 8));
        }),
        ["non-local"] = OfImage((g, x) =>
        {
            Value Rows(int channels) => g.Reshape(g.Conv(x, channels, kernel: 1), 1, channels, 16);
            var scores = g.Softmax(g.MatMul(g.Transpose(Rows(6), 0, 2, 1), Rows(6)), -1);
            var mixed = g.Reshape(g.Transpose(g.MatMul(scores, g.Transpose(Rows(5), 0, 2, 1)), 0, 2, 1), 1, 5, 4, 4);
            return g.Add(x, g.Conv(mixed, 8, kernel: 1));
        }, side: 4),
        ["image-to-sequence"] = Of(g =>
        {
            var x = g.Relu(g.Conv(g.Input(1, 1, 4, 8), 6));
            x = g.Transpose(g.Squeeze(g.Op("MaxPool", [g.Relu(g.Conv(x, 8))], ("kernel_shape", new long[] { 4, 1 })), 2), 2, 0, 1);
            return g.MatMul(Flat(g, Recurrent(g, "LSTM", x, 5, both: true)[0], 10), 3);
        }),
    };
}
