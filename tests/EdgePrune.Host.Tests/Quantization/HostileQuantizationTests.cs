using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class HostileQuantizationTests
{
    public static TheoryData<CalibrationMethod> Methods => [.. Enum.GetValues<CalibrationMethod>()];

    [Theory]
    [InlineData(1e-12f, 1f)]
    [InlineData(1e-30f, 100f)]
    [InlineData(0f, 3f)]
    [InlineData(1e-7f, -1e6f)]
    public void Quantize_TinyOrZeroWeightsUnderALargeBias_KeepsTheBias(float weight, float bias)
    {
        GraphBuilder g = new(1);
        float[] weights = [.. Enumerable.Range(0, 27).Select(i => i % 2 == 0 ? weight : -weight), .. Enumerable.Range(0, 27).Select(i => (i % 3 * 0.05f) - 0.05f)];
        var x = g.Conv(g.BatchInput(3, 4, 4), g.Constant(Tensor.Of([2, 3, 3, 3], weights), "w"), g.Constant(Tensor.Of([2], [bias, 0.1f]), "b"));
        g.Output(g.Op("Flatten", [x], ("axis", 1)));
        var model = g.Build();
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);
        var biases = result.Model.Graph.Initializers.Single(v => v.ElementType == ElementType.Int32).Constant!.Span<int>().ToArray();

        Assert.Equal(0, result.Report.FloatNodes);
        Assert.InRange(biases[0], -(1 << 30) - 128, (1 << 30) + 128);
        Assert.All(QuantizedRun.Outputs(result.Model, samples).Chunk(32), row => Assert.Equal(bias, row[0], Math.Abs(bias) * 0.01f));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Quantize_HugeOutlier_StaysFinite(CalibrationMethod method)
    {
        var model = TestModels.MnistCnnLike();
        var samples = WithFirst(GeneratedSamples.For(model), 1e20f);

        AssertFinite(model, samples, method);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2.5)]
    [InlineData(-2.5)]
    [InlineData(1e-40)]
    [InlineData(1e30)]
    public void Quantize_ConstantInput_StaysFinite(float value)
    {
        var model = TestModels.ResidualBlocks();

        AssertFinite(model, GeneratedSamples.Constant(model, value), CalibrationMethod.MinMax);
        AssertFinite(model, GeneratedSamples.Constant(model, value), CalibrationMethod.Percentile);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Quantize_NegativeValuesOnly_StaysClose(CalibrationMethod method)
    {
        var model = TestModels.MnistCnnLike();
        var samples = GeneratedSamples.For(model, low: -3, high: -1);
        var result = QuantizedRun.Quantize(model, samples, new QuantizationOptions { Method = method });

        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 20, 150);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Quantize_OneSample_IsEnough(CalibrationMethod method)
    {
        var model = TestModels.MnistCnnLike();
        var samples = GeneratedSamples.For(model, 1);
        var result = QuantizedRun.Quantize(model, samples, new QuantizationOptions { Method = method });

        Assert.Equal(1, result.Report.Samples);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 25, 150);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Quantize_SampleThatIsNoNumber_IsRefusedByItsPlace(float value)
    {
        var model = TestModels.MnistCnnLike();
        var error = Assert.Throws<InputException>(() => QuantizedRun.Quantize(model, WithFirst(GeneratedSamples.For(model), value)));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains("input", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_NoSamples_IsRefused()
    {
        var model = TestModels.MnistCnnLike();

        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() => QuantizedRun.Quantize(model, GeneratedSamples.For(model, 0))).Code);
    }

    [Fact]
    public void Quantize_InnerValueThatIsNotFinite_StaysFloat()
    {
        GraphBuilder g = new(2);
        var x = g.Relu(g.Conv(g.BatchInput(3, 4, 4), 4));
        var infinite = g.Op("Log", [x]);
        g.Output(g.Conv(g.Op("Exp", [g.Conv(infinite, 4)]), 2));
        g.Output(g.Conv(x, 2));
        var model = g.Build();
        var report = QuantizedRun.Quantize(model).Report;

        Assert.Equal(2, report.FloatNodes);
        Assert.Contains(report.Nodes, n => n.Reason.Contains("not finite", StringComparison.Ordinal));
    }

    [Fact]
    public void Quantize_WeightThatIsNoNumber_StaysFloat()
    {
        GraphBuilder g = new(3);
        g.Output(g.Gemm(g.Op("Gemm", [g.BatchInput(2), g.Constant(Tensor.Of([2, 2], [1f, float.NaN, 0, 1]), "w")]), 2));
        var report = QuantizedRun.Quantize(g.Build()).Report;

        Assert.Contains(report.Nodes, n => n.Precision == Precision.Float32 && n.Reason.Contains("not finite", StringComparison.Ordinal));
    }

    [Fact]
    public void Quantize_UnsoundOptions_NamesEveryFault()
    {
        var options = new QuantizationOptions { Method = (CalibrationMethod)9, Percentile = 20 };
        var error = Assert.Throws<InputException>(() => QuantizedRun.Quantize(TestModels.MnistCnnLike(), options: options));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains("method", error.Message, StringComparison.Ordinal);
        Assert.Contains("percentile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_Cancelled_Stops()
    {
        var model = TestModels.MnistCnnLike();

        Assert.Throws<OperationCanceledException>(() => StaticQuantizer.Quantize(model, GeneratedSamples.For(model), new QuantizationOptions(), new CancellationToken(canceled: true)));
    }

    private static void AssertFinite(Model model, ISampleSource samples, CalibrationMethod method)
    {
        var result = QuantizedRun.Quantize(model, samples, new QuantizationOptions { Method = method });

        Assert.All(QuantizedRun.Outputs(result.Model, GeneratedSamples.For(model)), v => Assert.True(float.IsFinite(v)));
    }

    private static GeneratedSamples WithFirst(GeneratedSamples samples, float value) => new(samples.Count, [samples.Inputs[0].Shape], (i, n) =>
    {
        var values = new float[n];
        samples.Inputs[0].Read(i, values);
        values[0] = i == samples.Count - 1 ? value : values[0];
        return values;
    });
}
