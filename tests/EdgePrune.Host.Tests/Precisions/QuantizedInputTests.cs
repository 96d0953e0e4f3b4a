using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Host.Tests;

/// <summary>A model that is quantized already, in any of the ways in which models are, is refused by all that changes weights.</summary>
public sealed class QuantizedInputTests
{
    /// <summary>Each kind, and the node that the refusal names.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "qdq", "DequantizeLinear" },
        { "qoperator", "QuantizeLinear" },
        { "dynamic", "DynamicQuantizeLinear" },
        { "dynamic convolution", "DynamicQuantizeLinear" },
        { "dynamic lstm", "DynamicQuantizeLSTM" },
        { "weights in blocks", "MatMulNBits" },
        { "weights alone", "DequantizeLinear" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pipeline_QuantizedModel_IsRefusedByTheNameOfItsNode(string kind, string type)
    {
        var model = Make(kind);

        RequireRefusal(type, () => _ = new CompressionPipeline(model, RandomSamples.For(model, 8)));
        RequireRefusal(type, () => _ = new CompressionPipeline(ModelAnalysis.Of(model), RandomSamples.For(model, 8)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Tune_QuantizedModel_IsRefusedBeforeAnythingIsMeasured(string kind, string type)
    {
        using var bundler = new PlainBundler();
        var (model, device) = (Make(kind), new SyntheticDevice(10));
        var evaluator = new AgreementEvaluator(OnnxFile.ToBytes(model), RandomSamples.For(model, 8));
        var loop = new TuningLoop(device, bundler, evaluator, new FakeTimeProvider());

        var refused = await Assert.ThrowsAsync<ModelException>(() => loop.RunAsync(model, RandomSamples.For(model, 8), new TuningOptions(), null, TestContext.Current.CancellationToken));

        Require(type, refused);
        Assert.Equal(0, device.Measurements);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SparsifyQuantizeAndConvert_QuantizedModel_AreRefusedByTheNameOfItsNode(string kind, string type)
    {
        var model = Make(kind);

        RequireRefusal(type, () => Sparsifier.Apply(model, null, new SparsityOptions(), null, TestContext.Current.CancellationToken));
        RequireRefusal(type, () => QuantizedRun.Quantize(model, RandomSamples.For(model, 8)));
        Assert.All(PrecisionConversions.All, c => RequireRefusal(type, () => c.Convert(model, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Advise_QuantizedModel_SaysSo_AndTriesNothing(string kind, string type)
    {
        var model = Make(kind);
        var target = TargetCatalog.Default().Find("raspberry-pi-4");

        var probe = await AdviceProbe.RunAsync(model, RandomSamples.For(model, 8), target, null, TestContext.Current.CancellationToken);
        var report = Advisor.Advise(ModelAnalysis.Of(model), new AdviceRequest { Target = target, HasSamples = true, Probe = probe });

        Assert.Empty(probe.Points);
        Assert.Null(probe.Int8);
        Assert.Contains(report.Advice, a => a.Rule == "already-quantized");
        Assert.Contains(model.Graph.Nodes, n => n.OperatorType == type);
    }

    [Fact]
    public void Pipeline_WeightsOfHalfPrecision_AreNotQuantized()
    {
        var model = ConversionChecks.Convert("float16", Float()).Model;

        Assert.NotEmpty(new CompressionPipeline(model, null).Plan(new CompressionOptions { Rate = 0.5 }).Groups);
    }

    private static void RequireRefusal(string type, Action work) => Require(type, Assert.Throws<ModelException>(work));

    private static void Require(string type, ModelException refused)
    {
        Assert.Equal(ErrorCode.AlreadyQuantized, refused.Code);
        Assert.Contains($"({type})", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Give the float model", refused.Message, StringComparison.Ordinal);
    }

    // As a file has it: what a conversion leaves in memory says more.
    private static Model Make(string kind) => OnnxFile.Read(OnnxFile.ToBytes(Build(kind)));

    private static Model Build(string kind) => kind switch
    {
        "qdq" => QuantizedRun.Quantize(TestModels.MnistCnnLike()).Model,
        "qoperator" => IntegerProduct(),
        "dynamic" => ConversionChecks.Convert("dynamic", Float()).Model,
        "dynamic convolution" => IntegerConvolution(),
        "dynamic lstm" => ConversionChecks.Convert("dynamic", Lstm()).Model,
        "weights in blocks" => ConversionChecks.Convert("weights4", Float()).Model,
        _ => DequantizedWeights(),
    };

    // The last layer is below what conversions touch: it could be pruned.
    private static Model Float()
    {
        GraphBuilder g = new(4);
        var x = g.Relu(g.MatMul(g.BatchInput(40), 64));
        g.Output(g.MatMul(g.Relu(g.MatMul(x, 12)), 5));
        return g.Build();
    }

    private static Model Lstm()
    {
        GraphBuilder g = new(6);
        var states = g.Ops("LSTM", 3, [g.Transpose(g.Input(1, 5, 16), 1, 0, 2), g.Weight(0.3f, 1, 96, 16), g.Weight(0.3f, 1, 96, 24)], ("hidden_size", 24));
        g.Output(g.MatMul(states[0], 4));
        return g.Build();
    }

    private static Model IntegerProduct()
    {
        GraphBuilder g = new(4);
        var (scale, zero) = (g.Scalar(0.05f), g.Constant(new Tensor(ElementType.UInt8, [], new byte[] { 128 }), "zero"));
        var weight = g.Constant(new Tensor(ElementType.UInt8, [12, 8], Enumerable.Range(0, 96).Select(i => (byte)(i * 2)).ToArray()), "w");
        var x = g.Relu(g.MatMul(g.BatchInput(6), 12));
        var sum = g.Op("QLinearMatMul", [g.Op("QuantizeLinear", [x, scale, zero]), scale, zero, weight, scale, zero, scale, zero]);
        g.Output(g.MatMul(g.OpOfShape("DequantizeLinear", [1, 8], [sum, scale, zero]), 3));
        return g.Build();
    }

    private static Model IntegerConvolution()
    {
        GraphBuilder g = new(4);
        var weight = g.Constant(new Tensor(ElementType.UInt8, [4, 1, 3, 3], Enumerable.Range(0, 36).Select(i => (byte)(i * 7)).ToArray()), "w");
        var x = g.Ops("DynamicQuantizeLinear", 3, [g.Input(1, 1, 8, 8)]);
        var sum = g.Op("Cast", [g.Op("ConvInteger", [x[0], weight, x[2]])], ("to", (int)ElementType.Float32));
        g.Output(g.Conv(g.Relu(g.Conv(g.OpOfShape("Mul", [1, 4, 6, 6], [sum, x[1]]), 6)), 2));
        return g.Build();
    }

    private static Model DequantizedWeights()
    {
        GraphBuilder g = new(4);
        var weight = g.Constant(new Tensor(ElementType.Int8, [6, 12], Enumerable.Range(0, 72).Select(i => (byte)i).ToArray()), "w");
        var x = g.MatMul(g.BatchInput(6), g.OpOfShape("DequantizeLinear", [6, 12], [weight, g.Scalar(0.01f)]));
        g.Output(g.MatMul(g.Relu(x), 3));
        return g.Build();
    }
}
