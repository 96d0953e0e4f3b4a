using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>
/// What all values of a channel have in common goes into the next biases. By hand: the samples are -1 and 1, so that a channel with
/// weight 1 and bias 8 lies between 7 and 9; a quarter of its spread stays free, so 6.5 can be taken off it.
/// </summary>
public sealed class BiasAbsorptionTests
{
    private readonly GraphBuilder _g = new(1);

    [Fact]
    public void Apply_HighBiasBesideAnother_TakesOffAsMuchAsTheRangeShrinks()
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 2, 2)));
        _g.Output(_g.Conv(x, Of("v", [1, 2, 1, 1], 10, 20), Of("c", [1], 3)));

        var absorbed = Absorb(x)!;

        // The second channel reaches to 4: 5 brings the first one, which reaches to 9, down to it.
        Assert.Equal([3, 2], Constant(absorbed, "b1"));
        Assert.Equal([53], Constant(absorbed, "c1"));
        Assert.Equal(QuantizedRun.Outputs(_g.Build(), Ends()), QuantizedRun.Outputs(absorbed, Ends()));
    }

    [Fact]
    public void Apply_ThroughPadding_ChangesNothing()
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 2, 2)));
        _g.Output(_g.Conv(x, 2, kernel: 3));

        Assert.Null(Absorb(x));
    }

    [Theory]
    [InlineData("SAME_UPPER", false)]
    [InlineData("VALID", true)]
    public void Apply_ThroughAutomaticPadding_OnlyWhereThereIsNone(string padding, bool absorbs)
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 4, 4)));
        _g.Output(_g.Op("Conv", [x, _g.Weight(1, 2, 2, 3, 3), _g.Weight(1, 2)], ("auto_pad", padding), ("kernel_shape", new long[] { 3, 3 })));

        AssertSame(x, absorbs);
    }

    [Fact]
    public void Apply_ThroughPoolingAndFlatten_ChangesTheBiasBehind()
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 4, 4)));
        _g.Output(_g.Gemm(_g.Flatten(_g.Op("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }))), 3));

        AssertSame(x, absorbs: true);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Apply_ThroughAveragesOfPaddedPlanes_OnlyWhereZerosDoNotCount(long counted, bool absorbs)
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 4, 4)));
        var pooled = _g.Op("AveragePool", [x], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("count_include_pad", counted));
        _g.Output(_g.Conv(pooled, 2, kernel: 1));

        AssertSame(x, absorbs);
    }

    [Fact]
    public void Apply_MatMulAndAdd_ChangesWhatIsAdded()
    {
        var x = _g.Relu(_g.Add(_g.Op("MatMul", [_g.BatchInput(3, 1), Of("w", [1, 2], 1, 2)]), Of("b", [2], 8, 2)));
        _g.Output(_g.Add(_g.Op("MatMul", [x, Of("v", [2, 1], 10, 20)]), Of("c", [1], 3)));

        var absorbed = Absorb(x)!;

        Assert.Equal([3, 2], Constant(absorbed, "b1"));
        Assert.Equal([53], Constant(absorbed, "c1"));
        Assert.Equal(_g.Build().Graph.Nodes.Count, absorbed.Graph.Nodes.Count);
    }

    [Fact]
    public void Apply_DepthwiseReader_GivesEachChannelItsOwn()
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 2, 2)));
        _g.Output(_g.Conv(x, Of("v", [2, 1, 1, 1], 10, 20), Of("c", [2], 3, 4), groups: 2));

        Assert.Equal([53, 4], Constant(Absorb(x)!, "c1"));
    }

    [Fact]
    public void Apply_ResidualOrGraphOutput_ChangesNothing()
    {
        var x = _g.Relu(Conv(_g.BatchInput(1, 2, 2)));
        _g.Output(_g.Add(x, _g.Conv(x, 2, kernel: 1)));

        Assert.Null(Absorb(x));
    }

    [Fact]
    public void Apply_NoBiasAboveItsSpread_ChangesNothing()
    {
        var x = _g.Relu(_g.Conv(_g.BatchInput(1, 2, 2), Of("w", [2, 1, 1, 1], 1, 2), Of("b", [2], 0.5f, 2)));
        _g.Output(_g.Conv(x, 2, kernel: 1));

        Assert.Null(Absorb(x));
    }

    [Fact]
    public void Quantize_HighBiases_KeepsTheStepThatAbsorbsThem()
    {
        var model = HighBiases();
        var (samples, unseen) = (GeneratedSamples.For(model, 128), GeneratedSamples.For(model, 256));
        var plain = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain);
        var absorbed = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain with { BalanceChannels = true });

        Assert.Contains(absorbed.Report.Steps, s => s is { Name: "high biases absorbed", IsTaken: true });
        Assert.InRange(QuantizedRun.Sqnr(model, absorbed.Model, unseen), QuantizedRun.Sqnr(model, plain.Model, unseen) + 3, 150);
    }

    [Fact]
    public void Quantize_WithoutBalance_AbsorbsNothing() =>
        Assert.Empty(QuantizedRun.Quantize(HighBiases(), options: QuantizationOptions.Plain).Report.Steps);

    private Model HighBiases()
    {
        var x = _g.BatchInput(16);
        var y = _g.Relu(_g.Op("Gemm", [x, _g.Weight(0.3f, 32, 16), _g.Constant(Tensor.Of([32], [.. Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? 20f : 0.2f)]))], ("transB", 1)));
        _g.Output(_g.Gemm(y, 8));
        return _g.Build();
    }

    private void AssertSame(Value relu, bool absorbs)
    {
        var absorbed = Absorb(relu);
        Assert.Equal(absorbs, absorbed is not null);
        if (absorbed is not null)
        {
            Assert.InRange(QuantizedRun.Sqnr(_g.Build(), absorbed, Ends()), 100, double.PositiveInfinity);
        }
    }

    // Channel 0 lies between 7 and 9, channel 1 between 0 and 4.
    private Value Conv(Value x) => _g.Conv(x, Of("w", [2, 1, 1, 1], 1, 2), Of("b", [2], 8, 2));

    private Value Of(string name, long[] dims, params float[] values) => _g.Constant(Tensor.Of(dims, values), name);

    private Model? Absorb(Value relu)
    {
        var statistics = new CalibrationStatistics(new Dictionary<string, ValueStatistics>(), 0);
        return BiasAbsorption.Apply(_g.Build(), statistics, [relu.Name], Ends(), TestContext.Current.CancellationToken);
    }

    private GeneratedSamples Ends() => new(2, [[.. _g.Build().Graph.FedInputs.First().DeclaredShape!.Skip(1).Select(d => d.Size!.Value)]], (i, n) => [.. Enumerable.Repeat(i == 0 ? -1f : 1f, (int)n)]);

    private static float[] Constant(Model model, string name) => model.Graph.Values[name].Constant!.ToFloats();
}
