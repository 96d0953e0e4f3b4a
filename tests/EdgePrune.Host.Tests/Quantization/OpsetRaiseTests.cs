using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class OpsetRaiseTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Apply_OlderModel_ComputesTheSame(int opset)
    {
        var model = EveryChangedOperator(opset);
        var samples = GeneratedSamples.For(model, 4);
        var raised = model.Clone();
        OpsetRaise.Apply(raised, CalibrationPass.Run(raised, samples, new Dictionary<string, string>(), CancellationToken.None));

        Assert.Equal(13, raised.Opset);
        Assert.InRange(raised.IrVersion, 7, 13);
        Assert.Equal(QuantizedRun.Outputs(model, samples), QuantizedRun.Outputs(raised, samples));
    }

    [Fact]
    public void Quantize_OlderModel_RunsInIntegers()
    {
        var model = TestModels.OldOpset();
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.Equal(0, result.Report.FloatNodes);
        Assert.Equal(model.Opset, result.Report.RaisedFromOpset);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 30, 150);
    }

    [Fact]
    public void Quantize_OldSoftmaxOverTwoAxes_IsRefusedByName()
    {
        GraphBuilder g = new(1, opset: 11);
        g.Output(g.Softmax(g.Conv(g.BatchInput(3, 4, 4), 4), 1));
        var error = Assert.Throws<ModelException>(() => QuantizedRun.Quantize(g.Build()));

        Assert.Equal(ErrorCode.UnknownOperator, error.Code);
        Assert.Contains("Softmax", error.Message, StringComparison.Ordinal);
        Assert.Contains("13", error.Message, StringComparison.Ordinal);
    }

    private static Model EveryChangedOperator(int opset)
    {
        GraphBuilder g = new(1, opset);
        var x = g.Relu6(g.Conv(g.BatchInput(3, 6, 6), 8));
        var parts = g.Split(g.Pad(x, 0, 0, 1, 1, 0, 0, 1, 1), 1, 3, 5);
        x = g.Concat(1, parts[1], g.Slice(parts[0], 1, 1, 3));
        x = opset switch
        {
            8 => g.Op("Upsample", [x], ("mode", "nearest"), ("scales", new[] { 1f, 1f, 2f, 2f })),
            9 => g.Op("Upsample", [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 2f]))], ("mode", "linear")),
            10 => g.Op("Resize", [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 2f]))], ("mode", "nearest")),
            _ => g.Op("Resize", [x, g.Constant(Tensor.Of([0], ReadOnlySpan<float>.Empty)), g.Constant(Tensor.Of([4], [1f, 1f, 2f, 2f]))], ("mode", "nearest")),
        };
        x = g.Unsqueeze(g.Squeeze(g.GlobalAveragePool(g.Conv(x, 6)), 2, 3), 1);
        x = g.Op("ReduceSum", [x], ("axes", new long[] { 1 }), ("keepdims", 0));
        if (opset < 12)
        {
            x = g.Op("Dropout", [x], ("ratio", 0.5f));
        }

        g.Output(g.Softmax(g.Gemm(x, 4), 1));
        return g.Build();
    }
}
