using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Attention() => new(StringComparer.Ordinal)
    {
        ["attention-three-matmuls"] = OfTokens((g, x) =>
            g.MatMul(Attend(g, Heads(g, g.MatMul(x, 8), 2), Heads(g, g.MatMul(x, 8), 2), Heads(g, g.MatMul(x, 8), 2)), 8)),
        ["attention-fused-split"] = OfTokens((g, x) =>
        {
            var parts = g.Split(g.Add(g.MatMul(x, 24), g.Weight(0.2f, 24)), -1, 8, 8, 8);
            return g.MatMul(Attend(g, Heads(g, parts[0], 2), Heads(g, parts[1], 2), Heads(g, parts[2], 2)), 8);
        }),
        ["attention-fused-gather"] = OfTokens((g, x) =>
        {
            var all = g.Transpose(g.Reshape(g.MatMul(x, 24), 1, 6, 3, 2, 4), 2, 0, 3, 1, 4);
            Value Part(long i) => g.Op("Gather", [all, g.Constant(Tensor.Of([], [i]))], ("axis", 0));
            return g.MatMul(Attend(g, Part(0), Part(1), Part(2)), 8);
        }),
        ["attention-grouped-queries"] = OfTokens((g, x) =>
        {
            Value Shared() => g.Reshape(g.Op("Expand", [g.Unsqueeze(Heads(g, g.MatMul(x, 8), 2), 2), g.Ints(1, 2, 2, 6, 4)]), 1, 4, 6, 4);
            return g.MatMul(Attend(g, Heads(g, g.MatMul(x, 16), 4), Shared(), Shared()), 8);
        }),
        ["attention-einsum"] = OfTokens((g, x) =>
        {
            Value Project() => g.Op("Einsum", [x, g.Weight(0.5f, 8, 2, 4)], ("equation", "btd,dhk->bthk"));
            var scores = g.Op("Einsum", [Project(), Project()], ("equation", "bthk,bshk->bhts"));
            var mixed = g.Op("Einsum", [g.Softmax(g.Mul(scores, g.Scalar(0.5f)), -1), Project()], ("equation", "bhts,bshk->bthk"));
            return g.Add(x, g.Op("Einsum", [mixed, g.Weight(0.4f, 2, 4, 8)], ("equation", "bthk,hkd->btd")));
        }),
        ["vit"] = Of(VisionTransformer),
        ["swin"] = Of(ShiftedWindows),
        ["mixer"] = Of(g =>
        {
            var x = g.Transpose(g.Reshape(Patches(g), 1, 8, 16), 0, 2, 1);
            var tokens = g.MatMul(g.Relu(g.MatMul(g.Transpose(g.LayerNorm(x), 0, 2, 1), 10)), 16);
            x = g.Add(x, g.Transpose(tokens, 0, 2, 1));
            x = g.Add(x, g.MatMul(g.Relu(g.MatMul(g.LayerNorm(x), 12)), 8));
            return g.Gemm(g.ReduceMean(g.LayerNorm(x), false, 1), 3);
        }),
        ["conv-next"] = OfImage((g, x) =>
        {
            var rows = g.LayerNorm(g.Transpose(g.Conv(x, 8, kernel: 7, groups: 8), 0, 2, 3, 1));
            rows = g.Mul(g.MatMul(g.Op("Gelu", [g.MatMul(rows, 16)]), 8), g.Weight(0.5f, 8));
            return g.Add(x, g.Transpose(rows, 0, 3, 1, 2));
        }, opset: 20),
        ["pool-former"] = OfImage((g, x) =>
        {
            var normal = g.Op("GroupNormalization", [x, g.Weight(1, 8), g.Weight(1, 8)], ("num_groups", 1), ("epsilon", 1e-2f));
            var pooled = g.Op("AveragePool", [normal], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }));
            x = g.Add(x, g.Op("Sub", [pooled, normal]));
            return g.Add(x, g.Conv(g.Relu(g.Conv(x, 12, kernel: 1)), 8, kernel: 1));
        }, opset: 21),
    };

    // [1, tokens, heads * d] to [1, heads, tokens, d].
    private static Value Heads(GraphBuilder g, Value x, long heads) => g.Transpose(g.Reshape(x, 0, 0, heads, -1), 0, 2, 1, 3);

    private static Value Attend(GraphBuilder g, Value queries, Value keys, Value values, Value? bias = null)
    {
        var scores = g.Mul(g.MatMul(queries, g.Transpose(keys, 0, 1, 3, 2)), g.Scalar(0.5f));
        var mixed = g.MatMul(g.Softmax(bias is null ? scores : g.Add(scores, bias), -1), values);
        var shape = g.Shape(mixed);
        return g.Reshape(g.Transpose(mixed, 0, 2, 1, 3), shape[0], shape[2], shape[1] * shape[3]);
    }

    // 16 patches of 2 by 2 pixels.
    private static Value Patches(GraphBuilder g) =>
        g.Op("Conv", [g.Input(1, 3, 8, 8), g.Weight(0.4f, 8, 3, 2, 2), g.Weight(0.3f, 8)], ("strides", new long[] { 2, 2 }));

    private static Value VisionTransformer(GraphBuilder g)
    {
        var x = g.Transpose(g.Reshape(Patches(g), 1, 8, -1), 0, 2, 1);
        x = g.Add(g.Concat(1, g.Weight(0.5f, 1, 1, 8), x), g.Weight(0.5f, 1, 17, 8));
        var normal = g.LayerNorm(x);
        x = g.Add(x, g.MatMul(Attend(g, Heads(g, g.MatMul(normal, 8), 2), Heads(g, g.MatMul(normal, 8), 2), Heads(g, g.MatMul(normal, 8), 2)), 8));
        x = g.Add(x, g.MatMul(g.Relu(g.MatMul(g.LayerNorm(x), 12)), 8));
        return g.Gemm(g.Op("Gather", [g.LayerNorm(x), g.Constant(Tensor.Of([], [0L]))], ("axis", 1)), 3);
    }

    private static Value ShiftedWindows(GraphBuilder g)
    {
        var x = g.LayerNorm(g.Transpose(Patches(g), 0, 2, 3, 1));
        var windows = g.Reshape(g.Transpose(g.Reshape(x, 1, 2, 2, 2, 2, 8), 0, 1, 3, 2, 4, 5), 4, 4, 8);
        var places = g.Constant(Tensor.Of([16], [.. Enumerable.Range(0, 16).Select(i => (long)(((i / 4 * 5) + (i % 4 * 3)) % 9))]));
        var bias = g.Unsqueeze(g.Transpose(g.Reshape(g.Op("Gather", [g.Weight(0.5f, 9, 2), places]), 4, 4, 2), 2, 0, 1), 0);
        var mixed = g.MatMul(Attend(g, Heads(g, g.MatMul(windows, 8), 2), Heads(g, g.MatMul(windows, 8), 2), Heads(g, g.MatMul(windows, 8), 2), bias), 8);
        x = g.Add(x, g.Reshape(g.Transpose(g.Reshape(mixed, 1, 2, 2, 2, 2, 8), 0, 1, 3, 2, 4, 5), 1, 4, 4, 8));
        Value Every(long row, long column) => g.Slice(g.Slice(x, 1, row, long.MaxValue, 2), 2, column, long.MaxValue, 2);
        var merged = g.LayerNorm(g.Concat(-1, Every(0, 0), Every(1, 0), Every(0, 1), Every(1, 1)));
        return g.Gemm(g.ReduceMean(g.Relu(g.MatMul(merged, 10)), false, 1, 2), 3);
    }
}
