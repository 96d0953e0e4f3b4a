using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class DynamicInt8Tests
{
    [Fact]
    public void Convert_ChainOfLayers_MergesIntoOneKernelEach()
    {
        GraphBuilder g = new(4);
        g.Output(g.Gemm(g.Relu(g.Gemm(g.MatMul(g.BatchInput(48), 40), 64)), 48));

        var report = ConversionChecks.Convert("dynamic", g.Build()).Report;

        Assert.Equal(new Dictionary<string, int> { ["DynamicQuantizeMatMul"] = 3 }, report.Kernels);
    }

    [Fact]
    public void Convert_LayersOnOneInput_RoundItOnce()
    {
        GraphBuilder g = new(4);
        var x = g.BatchInput(48);
        g.Output(g.Add(g.Gemm(x, 64), g.Gemm(x, 64)));
        var model = g.Build();
        var converted = ConversionChecks.Convert("dynamic", model);

        Assert.Single(converted.Model.Graph.Nodes, n => n.OperatorType == "DynamicQuantizeLinear");
        Assert.DoesNotContain("MatMulInteger", converted.Report.Kernels.Keys);
        Assert.Equal(2, converted.Report.Kernels.Values.Sum());
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, 0.03);
    }

    [Theory]
    [InlineData("forward", 1)]
    [InlineData("bidirectional", 2)]
    public void Convert_Lstm_RunsItsDynamicKernelNearTheFloatOne(string direction, int directions)
    {
        var model = Lstm(directions, 24, direction);
        var converted = ConversionChecks.Convert("dynamic", model);

        Assert.Equal(1, converted.Report.Kernels["DynamicQuantizeLSTM"]);
        Assert.InRange(Assert.Single(converted.Report.Nodes).WeightError!.Value, 1e-4, 0.02);
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, 0.03);
    }

    [Fact]
    public void Convert_LstmWithOnlyItsLastState_Runs()
    {
        var model = Lstm(1, 24, "forward", wanted: 1);

        Assert.InRange(ConversionChecks.OutputError(model, ConversionChecks.Convert("dynamic", model).Model), 0, 0.03);
    }

    [Fact]
    public void Convert_SmallLstm_IsLeftWithTheReason()
    {
        var node = Assert.Single(ConversionChecks.Convert("dynamic", Lstm(1, 4, "forward")).Report.Nodes);

        Assert.Equal("float32", node.Precision);
        Assert.Contains("below 1024 nothing is gained", node.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_OldOperatorSet_IsRaisedAndSaidSo()
    {
        GraphBuilder g = new(4, opset: 9);
        g.Output(g.Op("Softmax", [g.Gemm(g.BatchInput(48), 48)], ("axis", 1)));
        var model = g.Build();
        var converted = ConversionChecks.Convert("dynamic", model);

        Assert.Equal(9, converted.Report.OpsetBefore);
        Assert.Equal(13, converted.Report.OpsetAfter);
        Assert.Contains(converted.Report.Notes, n => n.StartsWith("The operator set was raised from 9 to 13", StringComparison.Ordinal));
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, 0.03);
    }

    [Fact]
    public void Convert_OldOperatorSetAndNothingToConvert_StaysAsItIs()
    {
        GraphBuilder g = new(4, opset: 9);
        g.Output(g.Conv(g.BatchInput(3, 8, 8), 8));

        Assert.Equal(9, ConversionChecks.Convert("dynamic", g.Build()).Report.OpsetAfter);
    }

    private static Model Lstm(int directions, int units, string direction, int wanted = 0)
    {
        GraphBuilder g = new(6);
        var x = g.Input(5, 2, 16);
        var outputs = g.Ops("LSTM", 3, [x, g.Weight(0.3f, directions, 4 * units, 16), g.Weight(0.3f, directions, 4 * units, units), g.Weight(0.2f, directions, 8 * units)], ("hidden_size", units), ("direction", direction));
        g.Output(outputs[wanted]);
        return g.Build();
    }
}
