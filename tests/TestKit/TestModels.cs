using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Small models, each with one trait that real models have. All run in ONNX Runtime.</summary>
public static class TestModels
{
    private static readonly SortedDictionary<string, Func<Model>> ByName = new(StringComparer.Ordinal)
    {
        [nameof(MnistCnnLike)] = MnistCnnLike,
        [nameof(ResidualBlocks)] = ResidualBlocks,
        [nameof(ConcatInception)] = ConcatInception,
        [nameof(DepthwiseSeparable)] = DepthwiseSeparable,
        [nameof(GroupedConv)] = GroupedConv,
        [nameof(SqueezeExcite)] = SqueezeExcite,
        [nameof(DenseNetLike)] = DenseNetLike,
        [nameof(Mlp)] = Mlp,
        [nameof(SharedWeights)] = SharedWeights,
        [nameof(ConstantNodeWeights)] = ConstantNodeWeights,
        [nameof(InitializersAsInputs)] = InitializersAsInputs,
        [nameof(SubgraphIf)] = SubgraphIf,
        [nameof(UnknownOperator)] = UnknownOperator,
        [nameof(ChannelShuffle)] = ChannelShuffle,
        [nameof(SplitHalves)] = SplitHalves,
        [nameof(OptionAShortcut)] = OptionAShortcut,
        [nameof(Attention)] = Attention,
        [nameof(RmsNorm)] = RmsNorm,
        [nameof(Decoder)] = Decoder,
        [nameof(ComputedShapes)] = ComputedShapes,
        [nameof(OldOpset)] = OldOpset,
        [nameof(OperatorZoo)] = OperatorZoo,
        [nameof(ControlZoo)] = ControlZoo,
    };

    /// <summary>Names of all models, for theories.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Makes a model by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The model, new on every call.</returns>
    public static Model Make(string name) => ByName[name]();

    /// <summary>Two convolutions with pooling, Flatten over a plane, two fully connected layers.</summary>
    /// <returns>The model.</returns>
    public static Model MnistCnnLike()
    {
        GraphBuilder g = new(1);
        var x = g.MaxPool(g.Relu(g.Conv(g.Input(1, 1, 12, 12), 8)));
        x = g.MaxPool(g.Relu(g.Conv(x, 12)));
        x = g.Relu(g.Gemm(g.Flatten(x), 16));
        g.Output(g.Gemm(x, 10, transposed: false));
        return g.Build();
    }

    /// <summary>A stage with an identity shortcut and one with a projection, all with batch normalization; free batch.</summary>
    /// <returns>The model.</returns>
    public static Model ResidualBlocks()
    {
        GraphBuilder g = new(2);
        var x = g.Relu(g.BatchNorm(g.Conv(g.BatchInput(3, 8, 8), 8, bias: false)));
        x = g.Relu(g.Add(Branch(g, x, 8, 1), x));
        x = g.Relu(g.Add(Branch(g, x, 12, 2), g.BatchNorm(g.Conv(x, 12, kernel: 1, stride: 2, bias: false))));
        x = g.Relu(g.Add(Branch(g, x, 12, 1), x));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 5));
        return g.Build();
    }

    /// <summary>Four branches joined, then joined again with one of their own.</summary>
    /// <returns>The model.</returns>
    public static Model ConcatInception()
    {
        GraphBuilder g = new(3);
        var x = g.Relu(g.Conv(g.Input(2, 3, 8, 8), 6));
        var one = g.Relu(g.Conv(x, 4, kernel: 1));
        var three = g.Relu(g.Conv(g.Conv(x, 4, kernel: 1), 6));
        var five = g.Relu(g.Conv(g.Conv(x, 2, kernel: 1), 4, kernel: 5));
        var pool = g.Conv(g.Op("AveragePool", [x], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 })), 3, kernel: 1);
        x = g.Conv(g.Concat(1, one, three, five, pool), 7);
        x = g.Concat(1, x, x, one);
        g.Output(g.Gemm(g.Squeeze(g.GlobalAveragePool(x), 2, 3), 4));
        return g.Build();
    }

    /// <summary>Inverted residuals with depthwise convolutions and Clip to 6, as in MobileNetV2.</summary>
    /// <returns>The model.</returns>
    public static Model DepthwiseSeparable()
    {
        GraphBuilder g = new(4);
        var x = g.Relu6(g.BatchNorm(g.Conv(g.Input(1, 3, 8, 8), 8, stride: 2)));
        var hidden = g.Relu6(g.BatchNorm(g.Depthwise(g.Relu6(g.BatchNorm(g.Conv(x, 16, kernel: 1))))));
        x = g.Add(g.BatchNorm(g.Conv(hidden, 8, kernel: 1)), x);
        x = g.Relu6(g.Depthwise(x, multiplier: 2));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Conv(x, 12, kernel: 1))), 4));
        return g.Build();
    }

    /// <summary>Grouped convolutions after each other with different numbers of groups.</summary>
    /// <returns>The model.</returns>
    public static Model GroupedConv()
    {
        GraphBuilder g = new(5);
        var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 16));
        x = g.Relu(g.Conv(x, 16, groups: 4));
        x = g.Relu(g.Conv(x, 8, groups: 2));
        x = g.Relu(g.Conv(x, 12, kernel: 1));
        g.Output(g.Gemm(g.Flatten(x), 3));
        return g.Build();
    }

    /// <summary>A squeeze-and-excitation gate of convolutions and one of fully connected layers with HardSigmoid.</summary>
    /// <returns>The model.</returns>
    public static Model SqueezeExcite()
    {
        GraphBuilder g = new(6);
        var x = g.SqueezeExcite(g.Relu(g.Conv(g.Input(1, 3, 8, 8), 12)), 4);
        x = g.Op("HardSwish", [g.Conv(x, 10)]);
        var gate = g.Gemm(g.Relu(g.Gemm(g.ReduceMean(x, false, 2, 3), 5)), 10);
        x = g.Mul(x, g.Unsqueeze(g.Op("HardSigmoid", [gate]), 2, 3));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Conv(x, 8, kernel: 1))), 4));
        return g.Build();
    }

    /// <summary>Cascaded Concat with batch normalization before the convolution.</summary>
    /// <returns>The model.</returns>
    public static Model DenseNetLike()
    {
        GraphBuilder g = new(7);
        var x = g.Conv(g.Input(1, 3, 8, 8), 6);
        for (var i = 0; i < 3; i++)
        {
            x = g.Concat(1, x, g.Conv(g.Relu(g.BatchNorm(x)), 4));
        }

        x = g.AveragePool(g.Conv(g.Relu(g.BatchNorm(x)), 8, kernel: 1));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Relu(x))), 4));
        return g.Build();
    }

    /// <summary>Fully connected layers as MatMul and Add, with Tanh between; free batch.</summary>
    /// <returns>The model.</returns>
    public static Model Mlp()
    {
        GraphBuilder g = new(8);
        var x = g.Op("Tanh", [g.Add(g.MatMul(g.BatchInput(10), 16), g.Weight(0.3f, 16))]);
        x = g.Relu(g.Add(g.Weight(0.3f, 1, 12), g.MatMul(x, 12)));
        g.Output(g.Softmax(g.Add(g.MatMul(x, 5), g.Weight(0.3f, 5)), -1));
        return g.Build();
    }

    /// <summary>Two branches with the same convolution weights, and one weight used twice in a row.</summary>
    /// <returns>The model.</returns>
    public static Model SharedWeights()
    {
        GraphBuilder g = new(9);
        var (weight, bias, again) = (g.Weight(0.3f, 8, 3, 3, 3), g.Weight(0.3f, 8), g.Weight(0.2f, 8, 8, 3, 3));
        var left = g.Relu(g.Conv(g.Input(1, 3, 6, 6), weight, bias));
        var right = g.Relu(g.Conv(g.Input(1, 3, 6, 6), weight, bias));
        var x = g.Relu(g.BatchNorm(g.Conv(g.Op("Sub", [left, right]), again, null)));
        x = g.Relu(g.BatchNorm(g.Conv(x, again, null)));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 3));
        return g.Build();
    }

    /// <summary>All weights in Constant nodes, none an initializer.</summary>
    /// <returns>The model.</returns>
    public static Model ConstantNodeWeights()
    {
        GraphBuilder g = new(10);
        Value Held(params long[] dims) => g.Op("Constant", [], ("value", g.RandomTensor(-0.4f, 0.4f, dims)));
        var x = g.Relu(g.Op("Conv", [g.Input(1, 3, 6, 6), Held(8, 3, 3, 3), Held(8)]));
        x = g.Relu(g.Op("Conv", [x, Held(6, 8, 1, 1)]));
        x = g.Op("Reshape", [x, g.Op("Constant", [], ("value_ints", new long[] { 1, -1 }))]);
        x = g.Mul(x, g.Op("Constant", [], ("value_float", 0.5f)));
        g.Output(g.Op("Gemm", [x, Held(96, 4), g.Op("Constant", [], ("value_floats", new[] { 0.1f, 0.2f, 0.3f, 0.4f }))]));
        return g.Build();
    }

    /// <summary>Initializers that are also listed as graph inputs, as files before IR version 4 must.</summary>
    /// <returns>The model.</returns>
    public static Model InitializersAsInputs() => OddFiles.WithInitializersAsInputs(MnistCnnLike());

    /// <summary>An If node whose branches read a value of the outer graph by name.</summary>
    /// <returns>The model.</returns>
    public static Model SubgraphIf() => OddFiles.WithIf();

    /// <summary>A unary operator of another domain in the middle.</summary>
    /// <returns>The model.</returns>
    public static Model UnknownOperator()
    {
        GraphBuilder g = new(11);
        var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 8));
        x = g.CustomOp("com.microsoft", "Trilu", g.Conv(x, 6));
        x = g.Relu(g.Conv(g.Conv(x, 8), 6));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 3));
        return g.Build();
    }

    /// <summary>Channel shuffles, written as Reshape-Transpose-Reshape and as Gather.</summary>
    /// <returns>The model.</returns>
    public static Model ChannelShuffle()
    {
        GraphBuilder g = new(12);
        var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 12));
        x = g.Reshape(g.Transpose(g.Reshape(x, 0, 3, 4, 6, 6), 0, 2, 1, 3, 4), 0, -1, 6, 6);
        x = g.Gather(g.Depthwise(x), 1, 11, 9, 7, 5, 3, 1, 10, 8, 6, 4, 2, -12);
        x = g.Relu(g.Conv(x, 8, kernel: 1));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 3));
        return g.Build();
    }

    /// <summary>Split into halves with explicit and implicit sizes, Slice, and Concat in another order.</summary>
    /// <returns>The model.</returns>
    public static Model SplitHalves()
    {
        GraphBuilder g = new(13);
        var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 10));
        var parts = g.Split(x, 1, 4, 6);
        x = g.Concat(1, g.Relu(g.Conv(parts[1], 6)), parts[0]);
        var halves = g.Ops("Split", 2, [x], ("axis", 1));
        x = g.Add(halves[0], halves[1]);
        x = g.Concat(1, g.Slice(x, 1, 2, long.MaxValue), g.Slice(x, 1, -5, 2), g.Slice(x, 1, 0, 5, 2));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Conv(x, 6))), 3));
        return g.Build();
    }

    /// <summary>Shortcut by stride and zero channels, as in the residual networks for CIFAR.</summary>
    /// <returns>The model.</returns>
    public static Model OptionAShortcut()
    {
        GraphBuilder g = new(14);
        var x = g.Relu(g.BatchNorm(g.Conv(g.Input(1, 3, 8, 8), 6)));
        var shortcut = g.Slice(g.Slice(x, 2, 0, long.MaxValue, 2), 3, 0, long.MaxValue, 2);
        x = g.Relu(g.Add(Branch(g, x, 12, 2), g.Pad(shortcut, 0, 3, 0, 0, 0, 3, 0, 0)));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 3));
        return g.Build();
    }

    /// <summary>One attention block with heads by Reshape and Transpose, layer normalization and a feed-forward part.</summary>
    /// <returns>The model.</returns>
    public static Model Attention()
    {
        GraphBuilder g = new(15);
        var x = g.Input(1, 6, 8);
        Value Heads(params long[] permutation) => g.Transpose(g.Reshape(g.Add(g.MatMul(x, 8), g.Weight(0.2f, 8)), 0, 6, 2, 4), permutation);
        var scores = g.Softmax(g.Op("Div", [g.MatMul(Heads(0, 2, 1, 3), Heads(0, 2, 3, 1)), g.Scalar(2)]), -1);
        var mixed = g.Reshape(g.Transpose(g.MatMul(scores, Heads(0, 2, 1, 3)), 0, 2, 1, 3), 0, 6, 8);
        x = g.LayerNorm(g.Add(x, g.MatMul(mixed, 8)));
        var hidden = g.Op("Div", [g.MatMul(x, 12), g.Scalar(1.5f)]);
        hidden = g.Mul(hidden, g.Add(g.Op("Erf", [hidden]), g.Scalar(1)));
        x = g.LayerNorm(g.Add(x, g.MatMul(hidden, 8)));
        g.Output(g.Gemm(g.ReduceMean(x, false, 1), 3));
        return g.Build();
    }

    /// <summary>Root mean square normalization, as standard operator and as ONNX Runtime's own.</summary>
    /// <returns>The model.</returns>
    public static Model RmsNorm()
    {
        GraphBuilder g = new(19, opset: 23);
        var x = g.Op("RMSNormalization", [g.MatMul(g.Input(1, 5, 6), 8), g.Constant(g.RandomTensor(0.5f, 1.5f, 8))], ("epsilon", 1e-2f));
        x = g.Op("SimplifiedLayerNormalization", [g.Add(x, g.MatMul(g.Relu(g.MatMul(x, 12)), 8)), g.Constant(g.RandomTensor(0.5f, 1.5f, 8))], ("epsilon", 1e-2f));
        g.Output(g.Gemm(g.ReduceMean(x, false, 1), 3));
        return g.Build();
    }

    /// <summary>Transposed convolutions, depth to space and upscaling with a skip connection.</summary>
    /// <returns>The model.</returns>
    public static Model Decoder()
    {
        GraphBuilder g = new(16);
        var skip = g.Relu(g.Conv(g.Input(1, 3, 8, 8), 6));
        var x = g.Relu(g.Conv(g.MaxPool(skip), 8));
        var low = g.MaxPool(x);
        x = g.Concat(1, g.ConvTranspose(x, 6), skip, g.Upscale(x));
        x = g.Concat(1, x, g.Op("DepthToSpace", [g.Upscale(low)], ("blocksize", 2)), g.ConvTranspose(g.ConvTranspose(low, 8, groups: 8), 4, groups: 2));
        x = g.Op("InstanceNormalization", [g.Conv(x, 5), g.Weight(1, 5), g.Weight(1, 5)]);
        g.Output(g.Conv(g.Op("LeakyRelu", [x], ("alpha", 0.1f)), 2, kernel: 1));
        return g.Build();
    }

    /// <summary>Shapes that the model computes: Shape, Gather, Unsqueeze, Concat, Reshape; free batch.</summary>
    /// <returns>The model.</returns>
    public static Model ComputedShapes()
    {
        GraphBuilder g = new(17);
        var x = g.Relu(g.Conv(g.BatchInput(3, 6, 6), 8));
        var batch = g.Op("Gather", [g.Op("Shape", [x]), g.Constant(Tensor.Of([], [0L]))], ("axis", 0));
        var shape = g.Concat(0, g.Unsqueeze(batch, 0), g.Ints(-1));
        x = g.Op("Reshape", [x, shape]);
        g.Output(g.Op("Gemm", [x, g.Weight(0.1f, 288, 4), g.Weight(0.1f, 4)]));
        return g.Build();
    }

    /// <summary>Operator set 9: attributes where later versions have inputs, softmax that flattens.</summary>
    /// <returns>The model.</returns>
    public static Model OldOpset()
    {
        GraphBuilder g = new(18, opset: 9);
        var x = g.Relu6(g.BatchNorm(g.Conv(g.Input(1, 3, 6, 6), 8)));
        var parts = g.Split(g.Pad(x, 0, 0, 1, 1, 0, 0, 1, 1), 1, 3, 5);
        x = g.Concat(1, parts[1], g.Slice(parts[0], 1, 1, 3));
        x = g.Op("Upsample", [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 2f]))], ("mode", "nearest"));
        x = g.Op("Dropout", [g.Squeeze(g.GlobalAveragePool(g.Conv(x, 6)), 2, 3)], ("ratio", 0.5f));
        g.Output(g.Softmax(g.Gemm(x, 4), 1));
        return g.Build();
    }

    /// <summary>Every other elementwise operator, reduction and normalization once.</summary>
    /// <returns>The model.</returns>
    public static Model OperatorZoo() => OperatorZooModel.Make();

    /// <summary>Operators on shapes, comparisons and integers.</summary>
    /// <returns>The model.</returns>
    public static Model ControlZoo() => ControlZooModel.Make();

    private static Value Branch(GraphBuilder g, Value x, int channels, int stride) =>
        g.BatchNorm(g.Conv(g.Relu(g.BatchNorm(g.Conv(x, channels, stride: stride, bias: false))), channels, bias: false));
}
