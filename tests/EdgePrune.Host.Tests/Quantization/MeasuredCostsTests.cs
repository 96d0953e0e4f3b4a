using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>A device's times of operators lead back to nodes, and decide what is in int8.</summary>
public sealed class MeasuredCostsTests
{
    [Theory]
    [InlineData("/conv1/Conv", "/conv1/Conv")]
    [InlineData("/conv1/Conv_token_13", "/conv1/Conv")]
    [InlineData("fused /fc1/Gemm", "/fc1/Gemm")]
    [InlineData("/Relu_output_0_nchwc", "/Relu_output_0")]
    [InlineData("/Relu_output_0_nchwc_token_4", "/Relu_output_0")]
    [InlineData("matmul1/MatMulAddFusion", "matmul1")]
    [InlineData("_token_7", "_token_7")]
    [InlineData("conv_token_", "conv_token_")]
    [InlineData("conv_token_x1", "conv_token_x1")]
    [InlineData("", "")]
    public void Plain_NameOfAKernel_IsWithoutWhatTheRuntimeAdds(string kernel, string expected) => Assert.Equal(expected, KernelNames.Plain(kernel));

    [Fact]
    public void Find_KernelNamedAfterTheActivationInIt_LeadsToTheWeightedNode()
    {
        var graph = TestModels.MnistCnnLike().Graph;
        var relu = graph.Nodes.First(n => n.OperatorType == "Relu");
        var names = new KernelNames(graph);

        Assert.Equal("Conv", names.Find(relu.Output.Name + "_nchwc", "Conv")!.OperatorType);
        Assert.Equal("Relu", names.Find(relu.Label, "Relu")!.OperatorType);
        Assert.Null(names.Find("ReorderOutput_token_49", "ReorderOutput"));
        Assert.Equal(graph.FedInputs.First(), names.FindConverted(graph.FedInputs.First().Name + "_quantized_token_2"));
        Assert.Null(names.FindConverted("_quantized"));
    }

    [Fact]
    public void Find_KernelNamedAfterAValueThatNormalizationTakesAway_LeadsToTheLayerByTheMeasuredModel()
    {
        GraphBuilder g = new(1);
        var normal = g.BatchNorm(g.Conv(g.BatchInput(3, 8, 8), 4));
        g.Output(g.Conv(g.Op("HardSwish", [normal]), 2));
        var measured = g.Build();
        var prepared = ModelNormalizer.Normalize(measured).Graph;

        Assert.Null(new KernelNames(prepared).Find(normal.Name + "_nchwc", "Conv"));
        Assert.Equal(prepared.Nodes.First(n => n.OperatorType == "Conv"), new KernelNames(prepared, measured.Graph).Find(normal.Name + "_nchwc", "Conv"));
        Assert.Null(new KernelNames(prepared, measured.Graph).Find("ReorderOutput_token_49", "ReorderOutput"));
    }

    [Fact]
    public void Costs_OfAForm_SumUpToItsTime_WhateverLeadsToNoNode()
    {
        var recipe = Recipe(TestModels.MnistCnnLike(), out var model);
        var forms = MeasuredForms.Of(
            MeasuredReports.Report([.. Weighted(model).Select(n => MeasuredReports.Time(n.Label, n.OperatorType, 10)), MeasuredReports.Time("ReorderInput", "ReorderInput", 20)]),
            MeasuredReports.Report([.. Weighted(model).Select(n => MeasuredReports.Time(n.Label, n.OperatorType == "Conv" ? "QLinearConv" : "QGemm", 5))]));
        var costs = QuantizationCosts.Of(forms, recipe);
        var units = UnitFinder.Find(model.Graph, recipe.Statistics, recipe.KeepFloat).Units;

        Assert.Equal(60e-6, units.Sum(u => costs.Of(u).Float), 1e-12);
        Assert.Equal(20e-6, units.Sum(u => costs.Of(u).Int8), 1e-12);
        Assert.Equal(60e-6, costs.SecondsInFloat, 1e-12);
    }

    [Fact]
    public void Costs_NodeThatWasNotMeasuredInInt8_CountsByItsWorkAndTheMean()
    {
        var recipe = Recipe(TestModels.MnistCnnLike(), out var model);
        var shown = Weighted(model).Skip(1).ToList();
        var forms = MeasuredForms.Of(
            MeasuredReports.Report([.. Weighted(model).Select(n => MeasuredReports.Time(n.Label, n.OperatorType, 10))]),
            MeasuredReports.Report([.. shown.Select(n => MeasuredReports.Time(n.Label, n.OperatorType == "Conv" ? "QLinearConv" : "QGemm", UnitWork.Of(recipe, n.Output.Name)))]));
        var costs = QuantizationCosts.Of(forms, recipe);
        var first = UnitFinder.Find(model.Graph, recipe.Statistics, recipe.KeepFloat).Units.First(u => u.Weight is not null);

        // A microsecond for each multiply-accumulate, as all the others.
        Assert.Equal(1e-6 * UnitWork.Of(recipe, first.Core.Output.Name), costs.Of(first).Int8, 1e-9);
        Assert.Equal(4 * 40e-6 / Weighted(model).Sum(n => UnitWork.Of(recipe, n.Output.Name)), costs.SecondsPerElement, 1e-12);
    }

    [Theory]
    [InlineData(1.24)]
    [InlineData(0.95)]
    public void Costs_OfAFormThatWasTimedAsAWhole_AddUpToThatTime(double ratio)
    {
        var recipe = Recipe(TestModels.MnistCnnLike(), out var model);
        var units = UnitFinder.Find(model.Graph, recipe.Statistics, recipe.KeepFloat).Units;
        bool[] chosen = [.. units.Select(u => u.Core.OperatorType is "Conv" or "MaxPool")];
        var forms = Mixed(model, ratio);
        var costs = QuantizationCosts.Of(forms, recipe);
        var planned = costs.Planned(new IslandPlanner(units, costs, _ => false), chosen);

        // Times of the report are whole tenths of a microsecond.
        Assert.Equal(ratio, planned.Planned / planned.Float, 0.2 / 60);
    }

    [Fact]
    public void Quantize_WholeThatIsSlowerThanItsOperatorsPromised_IsPlannedInFloat()
    {
        var model = TestModels.MnistCnnLike();
        var promised = QuantizedRun.Quantize(model, options: QuantizationOptions.Plain with { Measured = MeasuredReports.Forms(model, Alone) });
        var timed = QuantizedRun.Quantize(model, options: QuantizationOptions.Plain with { Measured = Mixed(ModelNormalizer.Normalize(model), 1.24) });

        Assert.True(IntegerOperators.IsQuantized(promised.Model));
        Assert.False(IntegerOperators.IsQuantized(timed.Model));
    }

    // First every node in int8; then what is worth it by that, up to the Gemms; then the whole of that.
    private static MeasuredForms Mixed(Model model, double ratio)
    {
        Node[] shown = [.. model.Graph.Nodes.Where(n => n.OperatorType != "Relu")];
        var border = shown.Last(n => n.OperatorType == "MaxPool").Output.Name;
        return MeasuredReports.Forms(model, Alone).Timed(1.6).With(
            MeasuredReports.Report(
            [
                MeasuredReports.Time(model.Graph.FedInputs.First().Name + "_quantized", "QuantizeLinear", 1),
                MeasuredReports.Time(border + "_dequantized", "DequantizeLinear", 1),
                .. shown.Select(n => n.OperatorType == "Gemm" ? MeasuredReports.Time("fused " + n.Label, "Gemm", 12) : MeasuredReports.Time(n.Label, MeasuredReports.Kernel(n), Alone(n).Int8)),
            ]),
            ratio);
    }

    private static (double Float, double Int8) Alone(Node node) => node.OperatorType switch
    {
        "Flatten" => (0, 0),
        "Gemm" => (10, 30),
        _ => (10, 7),
    };

    [Fact]
    public void Quantize_DeviceThatIsFasterInFloat_GivesTheFloatModel()
    {
        var model = TestModels.MnistCnnLike();
        var result = Quantize(model, _ => (5, 9));

        Assert.DoesNotContain(result.Model.Graph.Nodes, IntegerOperators.IsQuantized);
        Assert.Contains(result.Report.Nodes, n => n.Reason.Contains("measurements", StringComparison.Ordinal));
        Assert.Equal(result.Report.Planned!.Float, result.Report.Planned.Planned);
    }

    [Fact]
    public void Quantize_DeviceThatIsFasterInInt8_QuantizesEverythingAndTellsTheTime()
    {
        var result = Quantize(TestModels.MnistCnnLike(), _ => (9, 5));

        Assert.Equal(4, result.Report.IntegerNodes);
        Assert.InRange(result.Report.Planned!.Planned, 0.5 * result.Report.Planned.Float, 0.7 * result.Report.Planned.Float);
    }

    [Fact]
    public void Quantize_LayerThatIsSlowerInInt8_StaysInFloatAlone()
    {
        var model = TestModels.MnistCnnLike();
        var slow = model.Graph.Nodes.First(n => n.OperatorType == "Gemm").Label;
        var result = Quantize(model, n => n.Label == slow ? (10, 90) : (90, 10));

        Assert.Equal(Precision.Float32, result.Report.Nodes.Single(n => n.Node == slow).Precision);
        Assert.Equal(3, result.Report.Nodes.Count(n => n is { OperatorType: "Conv" or "Gemm", Precision: Precision.Int8 }));
    }

    [Fact]
    public void Quantize_WithinALimit_GivesBackTheNodesThatLoseLeastTime()
    {
        var model = TestModels.MnistCnnLike();
        var free = Limited(model, null);
        var again = Limited(model, free[0]);

        Assert.NotEmpty(free);
        Assert.DoesNotContain(free[0], again);
        Assert.NotEmpty(again);
    }

    [Fact]
    public void Quantize_ProfilesOfAnotherModel_AreRefused()
    {
        var forms = MeasuredReports.Forms(TestModels.MnistCnnLike(), _ => (2, 1));
        GraphBuilder g = new(1);
        g.Output(g.MatMul(g.BatchInput(8), 4));
        var refusal = Assert.Throws<InputException>(() => QuantizedRun.Quantize(g.Build(), options: new QuantizationOptions { Measured = forms }));

        Assert.Equal(ErrorCode.InvalidOption, refusal.Code);
        Assert.Contains("not of this model", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ReportsThatDoNotFitTogether_AreRefused()
    {
        var inFloat = MeasuredReports.Report(MeasuredReports.Time("a", "Conv", 5));
        var inInt8 = MeasuredReports.Report(MeasuredReports.Time("a", "QLinearConv", 5));

        Assert.Contains("integer kernel 'a'", Refusal(inInt8, inInt8), StringComparison.Ordinal);
        Assert.Contains("no integer kernel", Refusal(inFloat, inFloat), StringComparison.Ordinal);
        Assert.Contains("no times of operators", Refusal(inFloat, inInt8 with { Operators = [] }), StringComparison.Ordinal);
        Assert.Contains("no times of operators", Refusal(inFloat with { Operators = null! }, inInt8), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(inFloat, inInt8 with { Operators = [MeasuredReports.Time("a", "QLinearConv", -1)] }), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(inFloat with { Operators = [MeasuredReports.Time("a", "Conv", 0)] }, inInt8), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(inFloat with { Operators = [new OperatorTime(null!, "Conv", TimeSpan.FromSeconds(1), 1)] }, inInt8), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(inFloat with { Operators = [null!] }, inInt8), StringComparison.Ordinal);
        Assert.Contains("do not compare", Refusal(inFloat, inInt8 with { Conditions = inInt8.Conditions with { Fingerprint = "other" } }), StringComparison.Ordinal);
        Assert.Contains("invalid", Refusal(inFloat, inInt8 with { Verdict = new RunVerdict(RunValidity.Invalid, ["hot"]) }), StringComparison.Ordinal);
    }

    private static string Refusal(ProfileReport inFloat, ProfileReport inInt8) => Assert.Throws<InputException>(() => MeasuredForms.Of(inFloat, inInt8)).Message;

    /// <summary>Nodes that go back to float when one must, any is enough, and one node loses much time by it.</summary>
    private static List<string> Limited(Model model, string? dear)
    {
        var layers = Weighted(model).Count;
        var options = QuantizationOptions.Plain with { Measured = MeasuredReports.Forms(model, n => n.Label == dear ? (9000, 5) : (9, 5), 0.1) };
        var limit = new QuantizationLimit(0, (candidate, _) => Weighted(candidate).Count(n => n.Input(1)!.Producer?.OperatorType == "DequantizeLinear") < layers ? 0 : 1);
        var result = StaticQuantizer.Quantize(model, GeneratedSamples.For(model, 64), options, limit, CancellationToken.None);
        return [.. result.Report.Nodes.Where(n => n.Precision == Precision.Float32 && n.OperatorType is "Conv" or "Gemm" && n.Reason.Contains("limit", StringComparison.Ordinal)).Select(n => n.Node)];
    }

    private static QuantizedModel Quantize(Model model, Func<Node, (double, double)> microseconds) =>
        QuantizedRun.Quantize(model, options: QuantizationOptions.Plain with { Measured = MeasuredReports.Forms(model, microseconds) });

    private static List<Node> Weighted(Model model) => [.. model.Graph.Nodes.Where(n => n.OperatorType is "Conv" or "Gemm")];

    private static QuantizationRecipe Recipe(Model model, out Model prepared)
    {
        prepared = ModelNormalizer.Normalize(model);
        return new QuantizationRecipe(prepared, CalibrationPass.Run(prepared, GeneratedSamples.For(prepared, 2), new Dictionary<string, string>(), CancellationToken.None), Signed: true);
    }
}
