using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Quantized models that take bytes: what they compute, and when they cannot be made.</summary>
public sealed class ByteInputTests
{
    private static readonly double[] ImageNetScales = [1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)];
    private static readonly double[] ImageNetZeros = [0.485 * 255, 0.456 * 255, 0.406 * 255];

    private static QuantizationOptions Bytes => QuantizationOptions.Plain with { InputType = ModelInputType.UInt8 };

    [Fact]
    public void Quantize_WholeZeroPoint_GivesTheOutputsOfTheModelThatTakesFloats()
    {
        var model = Network(padding: 1);
        var samples = new StoredImages([3, 12, 12], [1 / 64.0], [128]);
        var floats = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain with { SignedActivations = false }).Model;
        var bytes = QuantizedRun.Quantize(model, samples, Bytes);
        var report = bytes.Report.Bytes!;

        Assert.Equal(QuantizedRun.Outputs(floats, samples), QuantizedRun.Outputs(bytes.Model, samples));
        Assert.Equal(("input1", 1 / 64.0, 128, false, 0), (report.Name, report.Scale, report.ZeroPoint, report.IsFolded, report.PadBytes.Count));
    }

    [Fact]
    public void Quantize_ByteInput_HasNoConversionAtItsStartAndRunsInIntegers()
    {
        var samples = new StoredImages([3, 12, 12], [1 / 64.0], [128]);
        var result = QuantizedRun.Quantize(Network(padding: 1), samples, Bytes);
        var input = Assert.Single(result.Model.Graph.FedInputs);
        var check = FusionCheck.Run(result.Model, [], signed: false);

        Assert.Equal(ElementType.UInt8, input.ElementType);
        Assert.All(input.Uses, u => Assert.Equal("DequantizeLinear", u.Node.OperatorType));
        Assert.Equal(0, check.FloatNodes);
        Assert.Equal(result.Report.IntegerNodes, check.IntegerNodes);
        Assert.True(check.IntegerNodes >= 3);
    }

    // Why bytes make all activations unsigned: a first convolution that reads unsigned and gives signed integers stays in float.
    [Fact]
    public void Fusion_BytesInFrontOfSignedActivations_LeaveTheFirstConvolutionInFloat()
    {
        var samples = new StoredImages([3, 12, 12], [1 / 64.0], [128]);
        var model = QuantizedRun.Quantize(Network(padding: 1), samples, QuantizationOptions.Plain).Model;
        Assert.Equal(0, FusionCheck.Run(model, [], signed: true).FloatNodes);

        var editor = new GraphEditor(model.Graph);
        var input = model.Graph.FedInputs.Single();
        var quantize = input.Uses.Single().Node;
        var dequantize = quantize.Output.Uses.Single().Node;
        editor.SetInput(dequantize, 0, input);
        editor.SetInput(dequantize, 2, editor.AddInitializer("bytes_zero_point", new Tensor(ElementType.UInt8, [], new byte[] { 128 })));
        editor.RemoveNode(quantize);
        editor.SetElementType(input, ElementType.UInt8);

        Assert.Equal(1, FusionCheck.Run(model, [], signed: true).FloatNodes);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void Fold_OneScaleAndZeroForEachChannel_ComputesTheSame(int padding, int groups)
    {
        // Whole zeros: then padding is exact, too.
        var samples = new StoredImages([3, 9, 11], [0.017, -0.02, 0.013], [120, 101, 33]);
        var model = Network(padding, groups, 9, 11);
        var form = ByteFold.Apply(ModelNormalizer.Normalize(model), samples);

        Assert.True(form.IsFolded);
        Assert.Equal(padding > 0, form.Padding is not null);
        Assert.InRange(QuantizedRun.Outputs(model, samples).Zip(QuantizedRun.Outputs(form.Model, form.Samples)).Max(p => Math.Abs(p.First - p.Second)), 0, 2e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Quantize_NormalisedByChannel_LosesNoMoreThanWithFloats(int padding)
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros);
        var model = Network(padding);
        var floats = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain with { SignedActivations = false }).Model;
        var bytes = QuantizedRun.Quantize(model, samples, Bytes);

        Assert.True(bytes.Report.Bytes!.IsFolded);
        Assert.Equal(padding > 0 ? [124, 116, 104] : [], bytes.Report.Bytes.PadBytes);
        Assert.Equal([null, 3, 12, 12], bytes.Model.Graph.FedInputs.Single().DeclaredShape!.Select(d => d.Size));
        Assert.InRange(QuantizedRun.Sqnr(model, bytes.Model, samples), QuantizedRun.Sqnr(model, floats, samples) - 1.5, 100);
        Assert.Equal(0, FusionCheck.Run(bytes.Model, [], signed: false).FloatNodes);
    }

    [Fact]
    public void Quantize_ZeroBetweenTwoBytes_PadsWithinHalfAStep()
    {
        var samples = new StoredImages([3, 12, 12], [1 / (255 * 0.3081)], [0.1307 * 255]);
        var model = Network(padding: 1);
        var bytes = QuantizedRun.Quantize(model, samples, Bytes);

        Assert.Equal((true, 33, 0), (bytes.Report.Bytes!.IsFolded, bytes.Report.Bytes.ZeroPoint, bytes.Report.Bytes.PadBytes.Count));
        Assert.InRange(QuantizedRun.Sqnr(model, bytes.Model, samples), 30, 100);
    }

    [Fact]
    public void Quantize_EverythingKeptInFloat_TakesBytesAndLosesNothing()
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros);
        var model = Network(padding: 0);
        var kept = model.Graph.Nodes.Select(n => n.Output.Name).ToHashSet();
        var bytes = QuantizedRun.Quantize(model, samples, Bytes with { KeepFloat = kept });

        Assert.Equal(ElementType.UInt8, bytes.Model.Graph.FedInputs.Single().ElementType);
        Assert.InRange(QuantizedRun.Sqnr(model, bytes.Model, samples), 90, 200);
    }

    [Fact]
    public void Quantize_SeveralReadersAndAWholeZeroPoint_AllReadTheBytes()
    {
        var g = new GraphBuilder();
        var x = g.BatchInput(3, 8, 8);
        g.Output(g.Add(g.Relu(g.Conv(x, 3, 1)), x));
        var model = g.Build();
        var samples = new StoredImages([3, 8, 8], [1 / 255.0], [0]);
        var bytes = QuantizedRun.Quantize(model, samples, Bytes);

        Assert.InRange(QuantizedRun.Sqnr(model, bytes.Model, samples), 30, 100);
    }

    [Fact]
    public void Quantize_WithSearchAndLimit_JudgesModelsThatTakeBytes()
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros, count: 40);
        List<ElementType> judged = [];
        var limit = new QuantizationLimit(0, (candidate, _) =>
        {
            judged.Add(candidate.Graph.FedInputs.Single().ElementType);
            return judged.Count > 1 ? 0 : 1;
        });
        var result = StaticQuantizer.Quantize(Network(padding: 1), samples, new QuantizationOptions { InputType = ModelInputType.UInt8 }, limit, CancellationToken.None);

        Assert.NotEmpty(result.Report.Steps);
        Assert.True(judged.Count > 1);
        Assert.All(judged, t => Assert.Equal(ElementType.UInt8, t));
    }

    [Fact]
    public void Quantize_TheSameTwice_GivesTheSameBytes()
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros);
        byte[] Make() => OnnxFile.ToBytes(QuantizedRun.Quantize(Network(padding: 1), samples, new QuantizationOptions { InputType = ModelInputType.UInt8 }).Model);

        Assert.Equal(Make(), Make());
    }

    [Fact]
    public async Task Agreement_OfAModelThatTakesBytes_FeedsEachModelItsOwn()
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros);
        var model = Network(padding: 1);
        using var evaluator = new AgreementEvaluator(OnnxFile.ToBytes(model), samples);
        var evaluation = await evaluator.EvaluateAsync(OnnxFile.ToBytes(QuantizedRun.Quantize(model, samples, Bytes).Model), TestContext.Current.CancellationToken);

        Assert.InRange(evaluation.Details["sqnrDb"], 25, 100);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    [InlineData(256f)]
    [InlineData(float.NaN)]
    public void Quantize_StoredNumberThatIsNoByte_IsRefused(float flaw)
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros) { Flaw = flaw };
        var error = Assert.Throws<InputException>(() => QuantizedRun.Quantize(Network(padding: 1), samples, Bytes));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains("no byte", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_AModelThatTakesBytesWithWhatIsNone_IsRefused()
    {
        var model = QuantizedRun.Quantize(Network(padding: 1), new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros), Bytes).Model;

        Assert.Throws<InputException>(() => QuantizedRun.Outputs(model, GeneratedSamples.For(model)));
    }

    [Theory]
    [InlineData("gemm", "(Flatten)")]
    [InlineData("several", "read by")]
    [InlineData("computed", "no constants")]
    [InlineData("same", "auto_pad")]
    [InlineData("two inputs", "2 inputs")]
    public void Quantize_ModelThatCannotTakeTheNormalisationUp_IsRefusedWithTheReason(string form, string reason)
    {
        var model = Refused(form);
        var samples = form == "two inputs" ? (ISampleSource)GeneratedSamples.For(model) : new StoredImages([3, 8, 8], ImageNetScales, ImageNetZeros);
        var error = Assert.Throws<InputException>(() => QuantizedRun.Quantize(model, samples, Bytes));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_PaddingWithWhatIsNoByte_IsRefused()
    {
        var samples = new StoredImages([3, 12, 12], [0.01, 0.01, 0.01], [300, 20, 30]);
        var error = Assert.Throws<InputException>(() => QuantizedRun.Quantize(Network(padding: 1), samples, Bytes));

        Assert.Contains("the pixel 300", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_ChannelsAlongAnotherAxis_IsRefused()
    {
        var samples = new StoredImages([3, 12, 12], ImageNetScales, ImageNetZeros, axis: 2);
        var error = Assert.Throws<InputException>(() => QuantizedRun.Quantize(Network(padding: 1), samples, Bytes));

        Assert.Contains("another axis", error.Message, StringComparison.Ordinal);
    }

    private static Model Network(int padding, int groups = 1, int height = 12, int width = 12)
    {
        var g = new GraphBuilder();
        var x = g.BatchInput(3, height, width);
        return Finish(g, g.Op("Conv", [x, g.Weight(0.5f, 12, 3 / groups, 3, 3), g.Weight(0.2f, 12)], ("pads", new long[] { padding, padding, padding, padding }), ("group", groups)));
    }

    private static Model Finish(GraphBuilder g, Value x)
    {
        x = g.Relu(g.Conv(g.Relu(x), 16));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 5));
        return g.Build();
    }

    private static Model Refused(string form)
    {
        var g = new GraphBuilder();
        var x = g.BatchInput(3, 8, 8);
        switch (form)
        {
            case "gemm":
                g.Output(g.Gemm(g.Flatten(x), 5));
                return g.Build();
            case "several":
                return Finish(g, g.Add(g.Conv(x, 3), x));
            case "computed":
                g.Output(g.Op("Conv", [x, g.Op("RandomUniform", [], ("shape", new long[] { 4, 3, 3, 3 }), ("seed", 1f))]));
                return g.Build();
            case "same":
                return Finish(g, g.Op("Conv", [x, g.Weight(0.5f, 12, 3, 3, 3)], ("auto_pad", "SAME_UPPER")));
            default:
                return Finish(g, g.Add(g.Conv(x, 3), g.BatchInput(3, 8, 8)));
        }
    }
}
