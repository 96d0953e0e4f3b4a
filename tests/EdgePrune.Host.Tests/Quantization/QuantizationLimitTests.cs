using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>A limit of what int8 may cost, the error of every node, and sizes that samples know.</summary>
public sealed class QuantizationLimitTests
{
    [Fact]
    public void Quantize_WithinTheLimit_KeepsEverythingInIntegers()
    {
        var (model, samples) = Case();
        var free = QuantizedRun.Quantize(model, samples);
        var limited = Limited(model, samples, 1, (_, _) => 0.5);

        Assert.Equal(free.Report.IntegerNodes, limited.Report.IntegerNodes);
    }

    [Fact]
    public void Quantize_LimitOnTheOutputs_GivesBackOnlyWhatIsNeeded()
    {
        var (model, samples) = Case();
        var free = QuantizedRun.Quantize(model, samples);
        double Loss(Model candidate, CancellationToken token) => 200 - QuantizedRun.Sqnr(model, candidate, samples);
        var before = Loss(free.Model, CancellationToken.None);
        var limited = Limited(model, samples, before - 1, Loss);

        Assert.InRange(Loss(limited.Model, CancellationToken.None), 0, before - 1);
        Assert.InRange(limited.Report.IntegerNodes, 1, free.Report.IntegerNodes - 1);
        Assert.Contains(limited.Report.Nodes, n => n.Reason.Contains("limit", StringComparison.Ordinal));
        Assert.Contains(limited.Report.Steps, s => s.Name.Contains("in float", StringComparison.Ordinal) && s.IsTaken);
    }

    [Fact]
    public void Quantize_LimitThatNothingMeets_GivesTheFloatModel()
    {
        var (model, samples) = Case();
        var limited = Limited(model, samples, 0, (candidate, _) => IntegerOperators.IsQuantized(candidate) ? 1 : 0);

        Assert.DoesNotContain(limited.Model.Graph.Nodes, IntegerOperators.IsQuantized);
        Assert.Equal(0, limited.Report.IntegerNodes);
    }

    [Fact]
    public void Quantize_Report_TellsTheErrorOfEveryNode()
    {
        var (model, samples) = Case();
        var nodes = QuantizedRun.Quantize(model, samples).Report.Nodes.Where(n => n.OperatorType is "Conv" or "Gemm").ToList();

        Assert.InRange(nodes.Count, 3, 10);
        Assert.All(nodes, n => Assert.InRange(n.Error!.Value, 1e-9, 0.05));
    }

    [Fact]
    public void Quantize_ConstantsOfEqualRange_RunWhereTheRuntimeMakesThemUnsigned()
    {
        GraphBuilder g = new(1);
        var x = g.Conv(g.BatchInput(4, 8, 8), 4);
        var y = g.Conv(g.Op("Mul", [g.Op("Add", [x, g.Constant(Tensor.Of([1, 4, 1, 1], [1f, 2, 3, 0]), "a")]), g.Constant(Tensor.Of([1, 4, 1, 1], [3f, 2, 1, 0]), "b")]), 4);
        g.Output(y);
        var model = g.Build();
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.InRange(result.Report.Nodes.Count(n => n is { OperatorType: "Add" or "Mul", Precision: Precision.Int8 }), 2, 2);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 25, 150);
    }

    [Fact]
    public void Quantize_FreeHeightAndWidth_TakeTheSizeOfTheSamples()
    {
        GraphBuilder g = new(1);
        var input = g.BatchInput(3, 16, 16);
        g.Output(g.Op("GlobalAveragePool", [g.Relu(g.Conv(g.Op("MaxPool", [input], ("kernel_shape", new long[] { 4, 4 }), ("strides", new long[] { 4, 4 })), 8))]));
        var model = g.Build();
        new GraphEditor(model.Graph).SetDeclaredShape(input, [new Dim(null, "n"), 3, new Dim(null, "h"), new Dim(null, "w")]);
        var samples = new GeneratedSamples(16, [[3, 16, 16]], (i, n) => [.. Enumerable.Range(0, (int)n).Select(k => MathF.Sin((i * 7) + k))]);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.Equal([null, 3, 16, 16], result.Model.Graph.FedInputs.Single().DeclaredShape!.Select(d => d.Size));
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 20, 150);
    }

    private static QuantizedModel Limited(Model model, ISampleSource samples, double points, Func<Model, CancellationToken, double> loss) =>
        StaticQuantizer.Quantize(model, samples, new QuantizationOptions(), new QuantizationLimit(points, loss), CancellationToken.None);

    private static (Model Model, ISampleSource Samples) Case()
    {
        var model = TestModels.MnistCnnLike();
        return (model, GeneratedSamples.For(model, 64));
    }
}
