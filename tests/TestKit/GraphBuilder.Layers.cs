using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public sealed partial class GraphBuilder
{
    /// <summary>Convolution over the plane; "same" padding for odd kernels.</summary>
    /// <param name="x">Data.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Extent of the kernel.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="bias">Whether it has a bias.</param>
    /// <returns>The output.</returns>
    public Value Conv(Value x, int channels, int kernel = 3, int stride = 1, int groups = 1, bool bias = true)
    {
        var inputs = Channels(x) / groups;
        var scale = MathF.Sqrt(3f / (inputs * kernel * kernel));
        return Conv(x, Weight(scale, channels, inputs, kernel, kernel), bias ? Weight(0.3f, channels) : null, stride, groups);
    }

    /// <summary>Convolution with given weights.</summary>
    /// <param name="x">Data.</param>
    /// <param name="weight">Weight [Cout, Cin / groups, k, k].</param>
    /// <param name="bias">Bias [Cout], or null.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="groups">Number of groups.</param>
    /// <returns>The output.</returns>
    public Value Conv(Value x, Value weight, Value? bias, int stride = 1, int groups = 1)
    {
        var kernel = _shapes.Size(weight, 2);
        long pad = kernel / 2;
        return Op("Conv", bias is null ? [x, weight] : [x, weight, bias],
            ("group", groups), ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
    }

    /// <summary>Depthwise convolution.</summary>
    /// <param name="x">Data.</param>
    /// <param name="multiplier">Output channels for each input channel.</param>
    /// <param name="stride">Stride.</param>
    /// <returns>The output.</returns>
    public Value Depthwise(Value x, int multiplier = 1, int stride = 1) => Conv(x, Channels(x) * multiplier, 3, stride, groups: Channels(x));

    /// <summary>Transposed convolution that doubles the plane.</summary>
    /// <param name="x">Data.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="groups">Number of groups.</param>
    /// <returns>The output.</returns>
    public Value ConvTranspose(Value x, int channels, int groups = 1) =>
        Op("ConvTranspose", [x, Weight(MathF.Sqrt(3f / Channels(x)), Channels(x), channels / groups, 2, 2), Weight(0.3f, channels)], ("group", groups), ("strides", new long[] { 2, 2 }));

    /// <summary>Batch normalization in inference.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value BatchNorm(Value x)
    {
        var channels = Channels(x);
        return Op("BatchNormalization",
            [x, Constant(RandomTensor(0.5f, 1.5f, channels), "gamma"), Weight(0.5f, channels), Weight(0.5f, channels), Constant(RandomTensor(0.5f, 1.5f, channels), "var")],
            ("epsilon", 1e-3f));
    }

    /// <summary>Instance normalization.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value InstanceNorm(Value x) =>
        Op("InstanceNormalization", [x, Constant(RandomTensor(0.5f, 1.5f, Channels(x)), "gamma"), Weight(0.5f, Channels(x))], ("epsilon", 1e-2f));

    /// <summary>Layer normalization over the last axis.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value LayerNorm(Value x) =>
        Op("LayerNormalization", [x, Constant(RandomTensor(0.5f, 1.5f, Shape(x)[^1]), "gamma"), Weight(0.5f, Shape(x)[^1])], ("epsilon", 1e-2f));

    /// <summary>Fully connected layer.</summary>
    /// <param name="x">Data [N, K].</param>
    /// <param name="units">Outputs.</param>
    /// <param name="transposed">Whether the weight is kept as [outputs, inputs].</param>
    /// <returns>The output.</returns>
    public Value Gemm(Value x, int units, bool transposed = true)
    {
        var inputs = Channels(x);
        var scale = MathF.Sqrt(3f / inputs);
        var weight = transposed ? Weight(scale, units, inputs) : Weight(scale, inputs, units);
        return Op("Gemm", [x, weight, Weight(0.3f, units)], ("transB", transposed ? 1 : 0));
    }

    /// <summary>Product with a constant matrix on the right.</summary>
    /// <param name="x">Data; its last axis is summed over.</param>
    /// <param name="units">Outputs.</param>
    /// <returns>The output.</returns>
    public Value MatMul(Value x, int units) => Op("MatMul", [x, Weight(MathF.Sqrt(3f / Shape(x)[^1]), Shape(x)[^1], units)]);

    /// <summary>Product of two values.</summary>
    /// <param name="a">Left factor.</param>
    /// <param name="b">Right factor.</param>
    /// <returns>The output.</returns>
    public Value MatMul(Value a, Value b) => Op("MatMul", [a, b]);

    /// <summary>Rectifier.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value Relu(Value x) => Op("Relu", [x]);

    /// <summary>Logistic function.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value Sigmoid(Value x) => Op("Sigmoid", [x]);

    /// <summary>Rectifier up to 6, as Clip with inputs (or attributes before operator set 11).</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value Relu6(Value x) => Opset >= 11 ? Op("Clip", [x, Scalar(0), Scalar(6)]) : Op("Clip", [x], ("min", 0f), ("max", 6f));

    /// <summary>Sum.</summary>
    /// <param name="a">One summand.</param>
    /// <param name="b">The other.</param>
    /// <returns>The output.</returns>
    public Value Add(Value a, Value b) => Op("Add", [a, b]);

    /// <summary>Product, element by element.</summary>
    /// <param name="a">One factor.</param>
    /// <param name="b">The other.</param>
    /// <returns>The output.</returns>
    public Value Mul(Value a, Value b) => Op("Mul", [a, b]);

    /// <summary>Joins along an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="parts">What to join.</param>
    /// <returns>The output.</returns>
    public Value Concat(int axis, params Value[] parts) => Op("Concat", parts, ("axis", axis));

    /// <summary>Cuts along an axis.</summary>
    /// <param name="x">Data.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="sizes">Sizes of the parts.</param>
    /// <returns>The parts.</returns>
    public IReadOnlyList<Value> Split(Value x, int axis, params long[] sizes) => Opset >= 13
        ? Ops("Split", sizes.Length, [x, Ints(sizes)], ("axis", axis))
        : Ops("Split", sizes.Length, [x], ("axis", axis), ("split", sizes));

    /// <summary>Takes a range of one axis.</summary>
    /// <param name="x">Data.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="start">First index.</param>
    /// <param name="end">Index after the last.</param>
    /// <param name="step">Step.</param>
    /// <returns>The output.</returns>
    public Value Slice(Value x, int axis, long start, long end, long step = 1) => Opset >= 10
        ? Op("Slice", [x, Ints(start), Ints(end), Ints(axis), Ints(step)])
        : Op("Slice", [x], ("starts", new[] { start }), ("ends", new[] { end }), ("axes", new long[] { axis }));

    /// <summary>Picks indices of an axis.</summary>
    /// <param name="x">Data.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="indices">The indices.</param>
    /// <returns>The output.</returns>
    public Value Gather(Value x, int axis, params long[] indices) => Op("Gather", [x, Ints(indices)], ("axis", axis));

    /// <summary>Regroups axes.</summary>
    /// <param name="x">Data.</param>
    /// <param name="shape">The shape, with 0 and -1 as the format allows.</param>
    /// <returns>The output.</returns>
    public Value Reshape(Value x, params long[] shape) => Op("Reshape", [x, Ints(shape)]);

    /// <summary>Flattens from axis 1.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value Flatten(Value x) => Op("Flatten", [x], ("axis", 1));

    /// <summary>Permutes axes.</summary>
    /// <param name="x">Data.</param>
    /// <param name="permutation">The permutation; none to reverse.</param>
    /// <returns>The output.</returns>
    public Value Transpose(Value x, params long[] permutation) =>
        permutation.Length == 0 ? Op("Transpose", [x]) : Op("Transpose", [x], ("perm", permutation));

    /// <summary>Removes axes of size 1.</summary>
    /// <param name="x">Data.</param>
    /// <param name="axes">The axes; none for all.</param>
    /// <returns>The output.</returns>
    public Value Squeeze(Value x, params long[] axes) => axes.Length == 0 ? Op("Squeeze", [x]) : WithAxes("Squeeze", x, axes);

    /// <summary>Inserts axes of size 1.</summary>
    /// <param name="x">Data.</param>
    /// <param name="axes">The axes of the result.</param>
    /// <returns>The output.</returns>
    public Value Unsqueeze(Value x, params long[] axes) => WithAxes("Unsqueeze", x, axes);

    /// <summary>Pads with zeros.</summary>
    /// <param name="x">Data.</param>
    /// <param name="pads">Counts before each axis, then behind each.</param>
    /// <returns>The output.</returns>
    public Value Pad(Value x, params long[] pads) => Opset >= 11 ? Op("Pad", [x, Ints(pads)]) : Op("Pad", [x], ("pads", pads));

    /// <summary>Largest value of 2 by 2 windows.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value MaxPool(Value x) => Op("MaxPool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));

    /// <summary>Average of 2 by 2 windows.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value AveragePool(Value x) => Op("AveragePool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));

    /// <summary>Average over space.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value GlobalAveragePool(Value x) => Op("GlobalAveragePool", [x]);

    /// <summary>Mean over axes, as a version-independent attribute (operator sets up to 17).</summary>
    /// <param name="x">Data.</param>
    /// <param name="keep">Whether the axes stay with size 1.</param>
    /// <param name="axes">The axes.</param>
    /// <returns>The output.</returns>
    public Value ReduceMean(Value x, bool keep, params long[] axes) => Opset >= 18
        ? Op("ReduceMean", [x, Ints(axes)], ("keepdims", keep ? 1 : 0))
        : Op("ReduceMean", [x], ("axes", axes), ("keepdims", keep ? 1 : 0));

    /// <summary>Softmax over an axis.</summary>
    /// <param name="x">Data.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>The output.</returns>
    public Value Softmax(Value x, int axis) => Op("Softmax", [x], ("axis", axis));

    /// <summary>Doubles the plane by repeating pixels.</summary>
    /// <param name="x">Data.</param>
    /// <returns>The output.</returns>
    public Value Upscale(Value x)
    {
        var scales = Constant(Tensor.Of([4], [1f, 1f, 2f, 2f]), "scales");
        return Op("Resize", [x, null, scales], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
    }

    /// <summary>Squeeze-and-excitation gate: global average, two 1x1 convolutions, sigmoid, product.</summary>
    /// <param name="x">Data.</param>
    /// <param name="hidden">Channels in between.</param>
    /// <returns>The output.</returns>
    public Value SqueezeExcite(Value x, int hidden)
    {
        var gate = Relu(Conv(GlobalAveragePool(x), hidden, kernel: 1));
        return Mul(x, Sigmoid(Conv(gate, Channels(x), kernel: 1)));
    }

    private Value WithAxes(string type, Value x, long[] axes) => Opset >= 13 ? Op(type, [x, Ints(axes)]) : Op(type, [x], ("axes", axes));
}
