using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Files() => new(StringComparer.Ordinal)
    {
        ["initializers-as-inputs"] = TestModels.InitializersAsInputs,
        ["constant-nodes"] = TestModels.ConstantNodeWeights,
        ["weights-behind-nodes"] = Of(g =>
        {
            var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), g.Op("Identity", [g.Weight(0.3f, 8, 3, 3, 3)]), g.Op("Identity", [g.Weight(0.3f, 8)])));
            var half = g.Op("Cast", [g.Constant(g.RandomTensor(-0.3f, 0.3f, 6, 8, 1, 1))], ("to", (long)ElementType.Float16));
            x = g.Relu(g.Conv(x, g.Op("Cast", [half], ("to", (long)ElementType.Float32)), null));
            return g.MatMul(g.Flatten(g.GlobalAveragePool(x)), g.Transpose(g.Weight(0.3f, 3, 6)));
        }),
        ["merged-biases"] = Of(g =>
        {
            var zero = g.Constant(Tensor.Of([8], new float[8]));
            var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), g.Weight(0.3f, 8, 3, 3, 3), zero));
            return Head(g, g.Relu(g.Conv(x, g.Weight(0.3f, 8, 8, 3, 3), zero)));
        }),
        ["odd-but-valid"] = () => CoverageFiles.WithEqualNodeNames(Of(g =>
        {
            var x = g.Op("Dropout", [g.Relu(g.Conv(g.Input(1, 3, 6, 6), 8)), null]);
            g.Relu(g.Conv(x, 9));
            g.Weight(1, 100);
            return Head(g, g.Op("Clip", [g.Conv(x, 6), null, g.Scalar(5)]));
        })()),
        ["subgraph-if"] = TestModels.SubgraphIf,
        ["subgraph-loop"] = () => CoverageFiles.WithLoop(),
        ["unknown-operator"] = TestModels.UnknownOperator,
        ["dynamic-batch"] = Of(g => g.Gemm(g.Reshape(g.MaxPool(g.Relu(g.Conv(g.BatchInput(3, 6, 6), 8))), -1, 72), 3)),
        ["dynamic-size"] = Of(g =>
        {
            var x = g.Input(ElementType.Float32, new Dim(null, "batch"), Dim.FromInt64(3), new Dim(null, "height"), new Dim(null, "width"));
            return Head(g, g.Relu(g.Conv(g.Relu(g.BatchNorm(g.Conv(x, 8))), 6)));
        }),
        ["half-precision"] = Of(g =>
        {
            Value Half(params long[] dims) => g.Op("Cast", [g.Constant(g.RandomTensor(-0.3f, 0.3f, dims))], ("to", (long)ElementType.Float16));
            var x = g.Relu(g.Conv(g.Input(ElementType.Float16, 1L, 3L, 6L, 6L), Half(8, 3, 3, 3), Half(8)));
            x = g.Relu(g.Conv(x, Half(6, 8, 3, 3), null));
            return g.Op("Gemm", [g.Flatten(g.GlobalAveragePool(x)), Half(6, 3)]);
        }),
        ["opset9"] = Of(Plain, opset: 9),
        ["opset11"] = Of(Plain, opset: 11),
        ["opset13"] = Of(Plain, opset: 13),
        ["opset17"] = Of(Plain, opset: 17),
        ["opset21"] = Of(Plain, opset: 21),
    };

    // What changed form between operator sets: Clip, Split, Pad, Squeeze, Unsqueeze, ReduceMean, Slice, Softmax.
    private static Value Plain(GraphBuilder g)
    {
        var x = g.Relu6(g.BatchNorm(g.Conv(g.Input(1, 3, 6, 6), 8)));
        var parts = g.Split(g.Pad(x, 0, 0, 1, 1, 0, 0, 1, 1), 1, 3, 5);
        x = g.Relu(g.Conv(g.Concat(1, parts[1], g.Slice(parts[0], 1, 1, 3)), 6));
        return g.Softmax(g.Gemm(g.Squeeze(g.Unsqueeze(g.ReduceMean(x, false, 2, 3), 2), 2), 4), 1);
    }
}
