using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Small graphs that show every operator and its odd cases.</summary>
internal static partial class OperatorModels
{
    private static readonly SortedDictionary<string, Func<Model>> ByName = new(
        new[] { Basic, Elements, Layers, Movements, Sequences, Reductions }.SelectMany(d => d).ToDictionary(p => p.Key, p => p.Value), StringComparer.Ordinal);

    private static Dictionary<string, Func<Model>> Basic => new(StringComparer.Ordinal)
    {
        ["Conv, groups and dilation"] = () => Make(17, [2, 4, 9, 9], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 6, 2, 3, 3), g.Weight(0.5f, 6)], ("group", 2), ("dilations", Longs(2, 1)), ("strides", Longs(1, 2)))),
        ["Conv, asymmetric pads"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 3, 2, 3, 3)], ("pads", Longs(0, 1, 2, 3)), ("strides", Longs(2, 2)))),
        ["Conv, same upper"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 3, 2, 4, 3)], ("auto_pad", "SAME_UPPER"), ("strides", Longs(2, 1)))),
        ["Conv, same lower"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 3, 2, 4, 3)], ("auto_pad", "SAME_LOWER"), ("strides", Longs(2, 1)))),
        ["Conv, valid"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 3, 2, 3, 3)], ("auto_pad", "VALID"))),
        ["Conv, one axis"] = () => Make(17, [2, 3, 10], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 4, 3, 3), g.Weight(0.5f, 4)], ("pads", Longs(2, 1)), ("strides", Longs(2)))),
        ["Conv, three axes"] = () => Make(17, [1, 2, 5, 4, 6], (g, x) => g.Op("Conv", [x, g.Weight(0.5f, 3, 2, 3, 2, 3)], ("pads", Longs(1, 0, 1, 1, 1, 0)))),
        ["Gemm"] = () => Make(17, [3, 4], (g, x) => g.Op("Gemm", [x, g.Weight(1, 4, 5), g.Weight(1, 5)])),
        ["Gemm, transposed and scaled"] = () => Make(17, [4, 3], (g, x) => g.Op("Gemm", [x, g.Weight(1, 5, 4), g.Weight(1, 3, 1)], ("transA", 1), ("transB", 1), ("alpha", 0.5f), ("beta", 2f))),
        ["Gemm, no bias"] = () => Make(17, [3, 4], (g, x) => g.Op("Gemm", [x, g.Weight(1, 4, 5)])),
        ["MatMul, batches"] = () => Make(17, [2, 3, 4, 5], (g, x) => g.Op("MatMul", [x, g.Weight(1, 3, 5, 2)])),
        ["MatMul, batches on both sides"] = () => Make(17, [2, 1, 4, 5], (g, x) => g.Op("MatMul", [x, g.Op("Transpose", [g.Weight(1, 3, 2, 5)], ("perm", Longs(0, 2, 1)))])),
        ["MatMul, vectors"] = () => Make(17, [2, 5], (g, x) => g.Op("MatMul", [g.Op("MatMul", [g.Weight(1, 2), x]), g.Weight(1, 5, 3)])),
        ["BatchNormalization"] = () => Make(17, [2, 3, 4, 4], (g, x) => g.BatchNorm(x)),
        ["Activations"] = () => Make(17, [2, 20], (g, x) => new[] { "Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "Elu", "Softplus", "Erf", "Exp", "Abs", "Neg" }
            .Select(t => g.Op(t, [g.Mul(x, g.Scalar(5))])).Aggregate((a, b) => g.Concat(1, a, b))),
        ["Activations with arguments"] = () => Make(17, [2, 20], (g, x) => g.Add(
            g.Op("Elu", [x], ("alpha", 0.3f)), g.Add(g.Op("LeakyRelu", [x], ("alpha", 0.2f)), g.Op("HardSigmoid", [x], ("alpha", 0.7f), ("beta", 0.4f))))),
        ["Sqrt and Pow"] = () => Make(17, [2, 5], (g, x) => g.Op("Pow", [g.Op("Sqrt", [g.Add(g.Op("Abs", [x]), g.Scalar(1))]), g.Scalar(3)])),
        ["Clip, inputs"] = () => Make(17, [2, 9], (g, x) => g.Op("Clip", [x, g.Scalar(-0.3f), g.Scalar(0.4f)])),
        ["Clip, low bound only"] = () => Make(17, [2, 9], (g, x) => g.Op("Clip", [x, g.Scalar(-0.3f)])),
        ["Clip, high bound only"] = () => Make(17, [2, 9], (g, x) => g.Op("Clip", [x, null, g.Scalar(0.2f)])),
        ["Clip, attributes"] = () => Make(9, [2, 9], (g, x) => g.Op("Clip", [x], ("min", -0.2f), ("max", 0.3f))),
        ["Arithmetic, broadcast"] = () => Make(17, [2, 3, 4], (g, x) =>
            g.Op("Div", [g.Op("Sub", [g.Mul(g.Add(x, g.Weight(1, 3, 1)), g.Weight(1, 4)), g.Weight(1, 2, 1, 1)]), g.Constant(g.RandomTensor(1, 2, 3, 4))])),
        ["PRelu"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("PRelu", [x, g.Weight(1, 3, 1)])),
        ["MaxPool, asymmetric pads"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(3, 2)), ("strides", Longs(2, 2)), ("pads", Longs(1, 0, 2, 1)))),
        ["MaxPool, rounded up"] = () => Make(17, [1, 2, 6, 8], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)), ("ceil_mode", 1))),
        ["MaxPool, rounded up with stride beyond the kernel"] = () => Make(17, [1, 2, 7, 9], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(2, 1)), ("strides", Longs(3, 4)), ("ceil_mode", 1))),
        ["MaxPool, dilated"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(2, 3)), ("dilations", Longs(2, 2)))),
        ["MaxPool, one axis"] = () => Make(17, [1, 2, 9], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(3)), ("pads", Longs(1, 1)), ("strides", Longs(2)))),
        ["AveragePool, pads not counted"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("AveragePool", [x], ("kernel_shape", Longs(3, 3)), ("pads", Longs(1, 1, 1, 0)), ("strides", Longs(2, 2)))),
        ["AveragePool, pads counted"] = () => Make(17, [1, 2, 7, 8], (g, x) => g.Op("AveragePool", [x], ("kernel_shape", Longs(3, 3)), ("pads", Longs(1, 0, 1, 1)), ("count_include_pad", 1))),
        ["AveragePool, same upper, one axis"] = () => Make(17, [1, 2, 7], (g, x) => g.Op("AveragePool", [x], ("kernel_shape", Longs(2)), ("auto_pad", "SAME_UPPER"), ("strides", Longs(2)))),
        ["AveragePool, rounded up"] = () => Make(19, [1, 2, 6, 8], (g, x) => g.Op("AveragePool", [x], ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)), ("ceil_mode", 1))),
        ["GlobalAveragePool"] = () => Make(17, [2, 3, 4, 5], (g, x) => g.GlobalAveragePool(x)),
        ["Flatten, axis 2"] = () => Make(17, [2, 3, 4, 5], (g, x) => g.Op("Flatten", [x], ("axis", 2))),
        ["Flatten, axis 0"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("Flatten", [x], ("axis", 0))),
        ["Flatten, axis -1"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("Flatten", [x], ("axis", -1))),
        ["Reshape, 0 and -1"] = () => Make(17, [2, 6, 4], (g, x) => g.Reshape(x, 0, 3, -1)),
        ["Transpose"] = () => Make(17, [2, 3, 4], (g, x) => g.Transpose(x, 2, 0, 1)),
        ["Transpose, reversed"] = () => Make(17, [2, 3, 4], (g, x) => g.Transpose(x)),
        ["Concat, negative axis"] = () => Make(17, [2, 3, 4], (g, x) => g.Concat(-2, x, g.Relu(x), g.Constant(g.RandomTensor(-1, 1, 2, 1, 4)))),
        ["Split, sizes"] = () => Make(17, [2, 7], (g, x) => g.Mul(g.Split(x, 1, 3, 1, 3)[2], g.Split(x, -1, 3, 1, 3)[0])),
        ["Split, equal"] = () => Make(17, [2, 6], (g, x) => g.Ops("Split", 3, [x], ("axis", 1))[1]),
        ["Split, attribute"] = () => Make(11, [2, 6], (g, x) => g.Split(x, 1, 2, 4)[1]),
        ["Squeeze and Unsqueeze"] = () => Make(17, [2, 1, 3, 1], (g, x) => g.Unsqueeze(g.Squeeze(x, 1, -1), -1, 0)),
        ["Squeeze, all"] = () => Make(17, [2, 1, 3, 1], (g, x) => g.Squeeze(x)),
        ["Squeeze and Unsqueeze, attributes"] = () => Make(11, [2, 1, 3, 1], (g, x) => g.Unsqueeze(g.Squeeze(x, 3), 0, 2)),
        ["ReduceMean"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("ReduceMean", [x], ("axes", Longs(-1, 0)), ("keepdims", 0))),
        ["ReduceMean, axes as input"] = () => Make(18, [2, 3, 4], (g, x) => g.Op("ReduceMean", [x, g.Ints(1)])),
        ["ReduceMean, all axes"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("ReduceMean", [x])),
        ["ReduceMean, no axes and no operation"] = () => Make(18, [2, 3, 4], (g, x) => g.Op("ReduceMean", [x], ("noop_with_empty_axes", 1))),
        ["Softmax"] = () => Make(17, [2, 3, 4], (g, x) => g.Add(g.Op("Softmax", [x], ("axis", 1)), g.Op("Softmax", [x]))),
        ["LogSoftmax"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("LogSoftmax", [x], ("axis", -2))),
        ["Softmax before operator set 13"] = () => Make(11, [2, 3, 4], (g, x) => g.Op("Softmax", [x])),
        ["Weights behind nodes"] = () => Make(17, [2, 6], (g, x) =>
        {
            var weight = g.Op("Cast", [g.Transpose(g.Reshape(g.Op("Identity", [g.Weight(1, 2, 12)]), 4, 6))], ("to", (long)ElementType.Float64));
            return g.MatMul(x, g.Op("Cast", [weight], ("to", (long)ElementType.Float32)));
        }),
        ["Identity and Dropout"] = () => Make(17, [2, 3], (g, x) => g.Op("Dropout", [g.Op("Identity", [x])])),
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static Model Get(string name) => ByName[name]();

    private static Model Make(int opset, long[] input, Func<GraphBuilder, Value, Value> build) => MakeMany(opset, input, (g, x) => [build(g, x)]);

    private static Model MakeMany(int opset, long[] input, Func<GraphBuilder, Value, IReadOnlyList<Value>> build)
    {
        GraphBuilder g = new(7, opset);
        foreach (var output in build(g, g.Input(input)))
        {
            g.Output(output);
        }

        return g.Build();
    }

    private static long[] Longs(params long[] values) => values;
}
