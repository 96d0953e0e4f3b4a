using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Channels scaled against what reads them, wherever they are made; worked out by hand with ranges 1 and 8, so that the first channel grows by 4.</summary>
public sealed class BalancingTests
{
    private static readonly CalibrationStatistics Nothing = new(new Dictionary<string, ValueStatistics>(), 0);

    private readonly GraphBuilder _g = new(3);

    [Fact]
    public void Apply_MatMulAndAdd_ScalesColumnsAndTheAddedVector()
    {
        var x = Biased(_g.Op("MatMul", [_g.BatchInput(3, 2), Vector("w", 2, 1, 2, 3, 4)]), "b");
        _g.Output(_g.Op("MatMul", [_g.Relu(x), Vector("v", 1, 10, 20)]));

        var balanced = Balanced(x);

        Assert.Equal([4, 2, 12, 4], Constant(balanced, "w1"));
        Assert.Equal([20, 6], Constant(balanced, "b1"));
        Assert.Equal([2.5f, 20], Constant(balanced, "v1"));
    }

    [Fact]
    public void Apply_LayerNormReadTwice_ScalesItsConstantsAndBothReaders()
    {
        var x = _g.Op("LayerNormalization", [_g.BatchInput(3, 2), Vector("gamma", 1, 2, 3), Vector("beta", 1, 4, 5)]);
        _g.Output(_g.Op("MatMul", [x, Vector("q", 1, 8, 9)]));
        _g.Output(_g.Op("MatMul", [x, Vector("k", 1, 12, 13)]));

        var balanced = Balanced(x);

        Assert.Equal([8, 3], Constant(balanced, "gamma1"));
        Assert.Equal([16, 5], Constant(balanced, "beta1"));
        Assert.Equal([2, 9], Constant(balanced, "q1"));
        Assert.Equal([3, 13], Constant(balanced, "k1"));
    }

    [Theory]
    [InlineData("RMSNormalization", 23)]
    [InlineData("SimplifiedLayerNormalization", 17)]
    [InlineData("InstanceNormalization", 17)]
    [InlineData("GroupNormalization", 21)]
    [InlineData("GroupNormalization", 18)]
    public void ConstantsOf_Normalization_NamesTheConstantsOfTheChannels(string type, int opset)
    {
        GraphBuilder g = new(1, opset);
        var grouped = type == "GroupNormalization";
        var (scale, bias) = (g.Weight(1, grouped && opset < 21 ? 2 : 4), g.Weight(1, grouped && opset < 21 ? 2 : 4));
        var x = g.Op(type, type.EndsWith("LayerNormalization", StringComparison.Ordinal) || type == "RMSNormalization" ? [g.Input(1, 4), scale] : [g.Input(1, 4, 3), scale, bias], ("num_groups", 2));
        var constants = OperatorRegistry.Find(x.Producer!)!.ConstantsOf(x.Producer!, ShapeInference.Infer(g.Build().Graph));

        Assert.Equal(grouped && opset < 21, constants is null);
        Assert.All(constants?.Constants ?? [], c => Assert.Equal((0, -1), (c.OfData, c.OfOutput)));
        Assert.Equal(constants is null ? 0 : x.Producer!.Inputs.Count - 1, constants?.Constants.Count ?? 0);
    }

    [Fact]
    public void Apply_BatchNormThatCouldNotFold_ScalesItOnBothSides()
    {
        var x = _g.Op("BatchNormalization", [_g.Relu(_g.Conv(_g.BatchInput(1, 4, 4), 4)), _g.Weight(1, 4), _g.Weight(1, 4), _g.Weight(1, 4), _g.Constant(_g.RandomTensor(0.5f, 2, 4))]);
        _g.Output(_g.Conv(_g.Relu(x), 2));

        AssertSameOutputs(changed: 6, powers: [0.25, 0.5, 1]);
    }

    [Fact]
    public void Apply_DecomposedLayerNorm_ScalesTheLastMulAndAdd()
    {
        var x = Normalized(_g.BatchInput(3, 2));
        x = _g.Add(_g.Mul(x, Vector("gamma", 1, 2, 3)), Vector("beta", 1, 4, 5));
        _g.Output(_g.Op("MatMul", [x, Vector("v", 1, 8, 9)]));

        var balanced = Balanced(x);

        Assert.Equal([8, 3], Constant(balanced, "gamma1"));
        Assert.Equal([16, 5], Constant(balanced, "beta1"));
        Assert.Equal([2, 9], Constant(balanced, "v1"));
    }

    [Theory]
    [InlineData("Mul")]
    [InlineData("Div")]
    [InlineData("Add")]
    [InlineData("Sub")]
    public void Apply_VectorBetweenLayers_ChangesNoOutput(string type)
    {
        var x = _g.Op(type, [_g.Conv(_g.BatchInput(2, 5, 5), 4), _g.Constant(_g.RandomTensor(0.5f, 2, 4, 1, 1))]);
        _g.Output(_g.Conv(_g.Relu(x), 3));

        AssertSameOutputs(changed: 4, powers: [0.25, 0.5, 1]);
    }

    [Fact]
    public void Apply_VectorMinusData_ScalesTheVector()
    {
        _g.Output(_g.Conv(_g.Op("Sub", [_g.Weight(1, 4, 1, 1), _g.Conv(_g.BatchInput(2, 5, 5), 4)]), 3));

        AssertSameOutputs(changed: 4, powers: [0.5, 1]);
    }

    [Fact]
    public void Apply_ConstantsWithOtherReaders_ChangesOnlyWhatIsBalanced()
    {
        var (input, shared) = (_g.BatchInput(3, 2), Vector("shared", 1, 5, 6));
        var x = _g.Op("LayerNormalization", [input, shared, shared]);
        _g.Output(_g.Op("MatMul", [x, Vector("v", 1, 8, 9)]));
        _g.Output(_g.Add(_g.Op("MatMul", [input, Vector("w", 2, 1, 2, 3, 4)]), shared));

        var balanced = Balanced(x);

        Assert.Equal([5, 6], Constant(balanced, "shared1"));
        Assert.Equal([20, 6], balanced.Graph.Nodes.Single(n => n.OperatorType == "LayerNormalization").Input(1)!.Constant!.ToFloats());
        Assert.InRange(BalancingProperty.Difference(_g.Build(), balanced, 1), 0, 1e-5);
    }

    [Fact]
    public void Apply_BiasThatIsComputed_StaysAsItIs()
    {
        // What Gemm adds is the output of another layer: its scale cannot be taken back there.
        var x = _g.Relu(_g.Gemm(_g.BatchInput(3), 4));
        var y = _g.Relu(_g.Gemm(x, 4));
        _g.Output(_g.Gemm(_g.Op("Gemm", [x, _g.Weight(1, 4, 4), y]), 2));
        _g.Output(_g.Gemm(y, 2));

        AssertSameOutputs(changed: null, powers: [0.5, 1]);
    }

    [Fact]
    public void Apply_PoolingByReduceMean_LetsScalesThrough()
    {
        _g.Output(_g.Gemm(_g.ReduceMean(_g.Relu(_g.Conv(_g.BatchInput(2, 5, 5), 4)), false, 2, 3), 3));

        AssertSameOutputs(changed: 3, powers: [0.5, 1]);
    }

    [Fact]
    public void Quantize_OneLoudChannelOfALayerNorm_LosesAtMostHalfOfWhatItLosesWithoutBalance() => AssertHalvesTheLoss(TransformerBlock());

    [Fact]
    public void Quantize_OneChannelThatFillsRelu6_LosesAtMostHalfOfWhatItLosesWithoutBalance() => AssertHalvesTheLoss(SaturatedRelu6());

    private static void AssertHalvesTheLoss(Model model)
    {
        var (samples, unseen) = (GeneratedSamples.For(model, 128), GeneratedSamples.For(model, 256));
        var plain = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain);
        var balanced = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain with { BalanceChannels = true });

        Assert.Contains(balanced.Report.Steps, s => s is { IsTaken: true } && s.Name.StartsWith("channels balanced", StringComparison.Ordinal));
        Assert.Equal(plain.Report.IntegerNodes, balanced.Report.IntegerNodes);
        Assert.InRange(QuantizedRun.Sqnr(model, balanced.Model, unseen), QuantizedRun.Sqnr(model, plain.Model, unseen) + 3.01, 150);
    }

    // One of 16 channels is 400 times as loud as the others and is cut off at 6; what reads it weighs it a fortieth.
    private Model SaturatedRelu6()
    {
        var made = _g.RandomTensor(-0.03f, 0.03f, 16, 8, 3, 3).ToFloats();
        var read = _g.RandomTensor(-0.3f, 0.3f, 32, 16, 1, 1).ToFloats();
        for (var i = 0; i < 72; i++)
        {
            made[i] *= 400;
        }

        for (var row = 0; row < 32; row++)
        {
            read[16 * row] /= 40;
        }

        var x = _g.Relu6(_g.Conv(_g.BatchInput(8, 10, 10), _g.Constant(Tensor.Of([16, 8, 3, 3], made)), _g.Weight(0.01f, 16)));
        x = _g.Relu6(_g.Conv(x, _g.Constant(Tensor.Of([32, 16, 1, 1], read)), _g.Weight(0.1f, 32)));
        _g.Output(_g.Conv(x, 4));
        return _g.Build();
    }

    // One channel of either normalization is 50 times as loud as the others, as those of trained transformers are; what reads it
    // weighs it a fifth of the others.
    private Model TransformerBlock()
    {
        var x = _g.MatMul(_g.BatchInput(8, 16), 32);
        var normal = LoudNorm(x);
        var (q, k, v) = (Reader(normal, 32), Reader(normal, 32), Reader(normal, 32));
        var scores = _g.Op("Softmax", [_g.Mul(_g.MatMul(q, _g.Transpose(k, 0, 2, 1)), _g.Scalar(0.02f))], ("axis", -1));
        x = _g.Add(x, _g.MatMul(_g.MatMul(scores, v), 32));
        x = _g.Add(x, _g.MatMul(_g.Relu(_g.Add(Reader(LoudNorm(x), 64), _g.Weight(0.3f, 64))), 32));
        _g.Output(_g.MatMul(x, 8));
        return _g.Build();
    }

    private Value LoudNorm(Value x)
    {
        var gamma = _g.RandomTensor(0.5f, 1.5f, 32).ToFloats();
        gamma[5] *= 50;
        return _g.Op("LayerNormalization", [x, _g.Constant(Tensor.Of([32], gamma)), _g.Weight(0.5f, 32)]);
    }

    private Value Reader(Value x, int units)
    {
        var weights = _g.RandomTensor(-0.3f, 0.3f, 32, units).ToFloats();
        for (var i = 5 * units; i < 6 * units; i++)
        {
            weights[i] /= 5;
        }

        return _g.Op("MatMul", [x, _g.Constant(Tensor.Of([32, units], weights))]);
    }

    private Value Normalized(Value x)
    {
        var centred = _g.Op("Sub", [x, _g.ReduceMean(x, true, -1)]);
        var variance = _g.ReduceMean(_g.Op("Pow", [centred, _g.Scalar(2)]), true, -1);
        return _g.Op("Div", [centred, _g.Op("Sqrt", [_g.Add(variance, _g.Scalar(1e-5f))])]);
    }

    [Fact]
    public void Apply_Relu6OfChannelsThatStayBelow_ScalesThemToHalfOfTheLargest()
    {
        var x = _g.Relu6(Biased(_g.Op("MatMul", [_g.BatchInput(3, 2), Vector("w", 2, 1, 2, 3, 4)]), "b"));
        _g.Output(_g.Op("MatMul", [x, Vector("v", 1, 10, 20)]));

        var balanced = ChannelBalance.Apply(_g.Build(), Nothing, [new ChannelPeaks(new AxisRef(x, 2), [0, 0], [0.5f, 6])], 1)!;

        // 0.5 becomes 3; what is cut off at 6 stays as it is.
        Assert.Equal([6, 2, 18, 4], Constant(balanced, "w1"));
        Assert.Equal([30, 6], Constant(balanced, "b1"));
        Assert.Equal([10f / 6, 20], Constant(balanced, "v1"));
    }

    [Theory]
    [InlineData(0.5f, 3.1f)]
    [InlineData(3.1f, 0.5f)]
    public void Apply_Relu6OfAChannelThatMayReachTheEnd_LeavesIt(float first, float second)
    {
        var x = _g.Relu6(Biased(_g.Op("MatMul", [_g.BatchInput(3, 2), Vector("w", 2, 1, 2, 3, 4)]), "b"));
        _g.Output(_g.Op("MatMul", [x, Vector("v", 1, 10, 20)]));

        var balanced = ChannelBalance.Apply(_g.Build(), Nothing, [new ChannelPeaks(new AxisRef(x, 2), [0, 0], [first, second])], 0.25)!;

        var (before, after) = (_g.Build().Graph.Values["v1"].Constant!.ToFloats(), Constant(balanced, "v1"));
        Assert.Equal(first <= 3, before[0] != after[0]);
        Assert.Equal(second <= 3, before[1] != after[1]);
    }

    [Theory]
    [InlineData(0.1f, 3)]
    [InlineData(-3, -1)]
    public void Apply_ClipThatNeverGivesZero_BalancesNothing(float low, float high)
    {
        var x = _g.Op("Clip", [_g.Conv(_g.BatchInput(2, 5, 5), 4), _g.Scalar(low), _g.Scalar(high)]);
        _g.Output(_g.Conv(x, 3));

        Assert.Null(BalancingProperty.Balance(_g.Build(), 1, 7).Balanced);
    }

    [Fact]
    public void Apply_DataBesideAGate_ScalesTheDataAndNotTheGate()
    {
        var x = _g.Relu(_g.Conv(_g.BatchInput(3, 5, 5), 4));
        _g.Output(_g.Conv(_g.SqueezeExcite(x, 2), 3));

        // The convolution with its bias, both layers of the gate with the bias between them, and what reads the product.
        AssertSameOutputs(changed: 6, powers: [0.5, 1]);
    }

    [Fact]
    public void Apply_GatedUnit_ScalesTheHalfWithoutTheSigmoid()
    {
        var input = _g.BatchInput(3, 6);
        var (gate, up) = (_g.MatMul(input, 8), _g.MatMul(input, 8));
        _g.Output(_g.MatMul(_g.Mul(_g.Mul(gate, _g.Sigmoid(gate)), up), 6));

        AssertSameOutputs(changed: 2, powers: [0.5, 1]);
    }

    [Fact]
    public void Apply_ProductWithSelf_BalancesNothing()
    {
        var x = _g.MatMul(_g.BatchInput(3, 6), 8);
        _g.Output(_g.MatMul(_g.Mul(x, x), 6));
        _g.Output(_g.MatMul(_g.MatMul(x, _g.Transpose(x, 0, 2, 1)), 2));

        Assert.Null(BalancingProperty.Balance(_g.Build(), 1, 7).Balanced);
    }

    [Fact]
    public void Apply_ValuesOfAnAttention_ScalesThemAndWhatReadsTheMix()
    {
        var input = _g.BatchInput(3, 6);
        var (q, k, v) = (_g.MatMul(input, 8), _g.MatMul(input, 8), _g.MatMul(input, 8));
        var scores = _g.Op("Softmax", [_g.MatMul(q, _g.Transpose(k, 0, 2, 1))], ("axis", -1));
        _g.Output(_g.MatMul(_g.MatMul(scores, v), 6));

        AssertSameOutputs(changed: 2, powers: [0.5, 1]);
    }

    [Fact]
    public void Apply_ClipThatNobodyMeasured_LeavesItsChannels()
    {
        var made = _g.Conv(_g.BatchInput(2, 5, 5), 2);
        _g.Output(_g.Conv(_g.Relu6(made), 3));

        Assert.Null(ChannelBalance.Apply(_g.Build(), Nothing, [new ChannelPeaks(new AxisRef(made, 1), [0, 0], [0.5f, 8])], 1));
    }

    private Value Biased(Value x, string name) => _g.Add(x, Vector(name, 1, 5, 6));

    private Value Vector(string name, int rows, params float[] values) => _g.Constant(Tensor.Of(name is "w" ? [rows, values.Length / rows] : name is "v" or "q" or "k" ? [values.Length, 1] : [values.Length], values), name);

    /// <summary>The model, balanced by power 1 for ranges 1 and 8 of the last axis of a value.</summary>
    private Model Balanced(Value value) =>
        ChannelBalance.Apply(_g.Build(), Nothing, [new ChannelPeaks(new AxisRef(value, _g.Shape(value).Length - 1), [-1, 0], [0.5f, 8])], 1)!;

    private static float[] Constant(Model model, string name) => model.Graph.Values[name].Constant!.ToFloats();

    /// <summary>Balances by random ranges; outputs stay, and so many constants change.</summary>
    private void AssertSameOutputs(int? changed, double[] powers)
    {
        var model = _g.Build();
        foreach (var power in powers)
        {
            var (original, balanced) = BalancingProperty.Balance(model, power, 7);
            Assert.NotNull(balanced);
            Assert.InRange(BalancingProperty.Difference(original, balanced, 2), 0, 1e-5);
            var old = original.Graph.Initializers.ToDictionary(v => v.Name, v => v.Constant!.Bytes.ToArray());
            Assert.Equal(changed ?? 0, changed is null ? 0 : balanced.Graph.Initializers.Count(v => !old.TryGetValue(v.Name, out var bytes) || !bytes.SequenceEqual(v.Constant!.Bytes.ToArray())));
        }
    }
}
