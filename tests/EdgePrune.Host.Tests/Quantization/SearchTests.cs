using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Rounding, correction and balance: that each does what it says, and that nothing is kept that does not help.</summary>
public sealed class SearchTests
{
    [Theory]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DenseNetLike))]
    [InlineData(nameof(TestModels.Mlp))]
    public void Quantize_WithEveryStep_IsNoWorseThanWithNone(string name)
    {
        var model = TestModels.Make(name);
        var (samples, unseen) = (GeneratedSamples.For(model, 128), GeneratedSamples.For(model, 160));
        var plain = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain);
        var searched = QuantizedRun.Quantize(model, samples);

        var steps = searched.Report.Steps;
        Assert.True(steps[0].IsTaken);
        Assert.Null(steps[0].Before);
        Assert.All(steps.Skip(1).Where(s => s.IsTaken), s => Assert.True(s.Error < s.Before));
        Assert.InRange(QuantizedRun.Sqnr(model, searched.Model, unseen), QuantizedRun.Sqnr(model, plain.Model, unseen) - 1, 150);
        Assert.Equal(plain.Report.IntegerNodes, searched.Report.IntegerNodes);
    }

    [Fact]
    public void Quantize_TheSameTwice_GivesTheSameBytes()
    {
        var model = TestModels.ResidualBlocks();

        Assert.Equal(
            OnnxFile.ToBytes(QuantizedRun.Quantize(model, GeneratedSamples.For(model, 64)).Model),
            OnnxFile.ToBytes(QuantizedRun.Quantize(model, GeneratedSamples.For(model, 64)).Model));
    }

    [Fact]
    public void Quantize_NothingSwitchedOn_TriesNothing()
    {
        var model = TestModels.Mlp();

        Assert.Empty(QuantizedRun.Quantize(model, options: QuantizationOptions.Plain).Report.Steps);
    }

    [Theory]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DenseNetLike))]
    public void Balance_ChangesNoOutputOfTheFloatModel(string name)
    {
        var model = ModelNormalizer.Normalize(TestModels.Make(name));
        var samples = GeneratedSamples.For(model);
        var statistics = CalibrationPass.Run(model, samples, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        var peaks = ChannelBalance.Peaks(model, statistics, statistics.Values.Keys, samples, TestContext.Current.CancellationToken);
        var balanced = ChannelBalance.Apply(model, statistics, peaks, 1);

        Assert.NotNull(balanced);
        Assert.NotEqual(OnnxFile.ToBytes(model), OnnxFile.ToBytes(balanced));
        Assert.InRange(QuantizedRun.Sqnr(model, balanced, samples), 100, double.PositiveInfinity);
    }

    [Fact]
    public void Balance_ChannelsOfUnequalRange_ReachHalfOfTheLargest()
    {
        GraphBuilder g = new(1);
        var x = g.Relu(g.Conv(g.BatchInput(1, 2, 2), g.Constant(Tensor.Of([2, 1, 1, 1], [1f, 0.02f]), "w"), g.Constant(Tensor.Of([2], [0f, 0]), "b")));
        g.Output(g.Conv(x, g.Constant(Tensor.Of([1, 2, 1, 1], [1f, 1]), "v"), g.Constant(Tensor.Of([1], [0f]), "c")));
        var model = g.Build();
        var samples = GeneratedSamples.For(model, low: 0);
        var statistics = CalibrationPass.Run(model, samples, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        var peaks = ChannelBalance.Peaks(model, statistics, [x.Name], samples, TestContext.Current.CancellationToken);
        var balanced = ChannelBalance.Apply(model, statistics, peaks, 1)!;

        // A fiftieth of the range becomes half of it.
        var convolutions = balanced.Graph.Nodes.Where(n => n.OperatorType == "Conv").Select(n => n.Input(1)!.Constant!.ToFloats()).ToList();
        Assert.Equal(0.5f, convolutions[0][1] / convolutions[0][0], 1e-3f);
        Assert.Equal(0.04f, convolutions[1][1] / convolutions[1][0], 1e-3f);
    }

    [Fact]
    public void CompensatedRounding_CorrelatedInputs_LosesLessThanNearest()
    {
        var random = new Random(4);
        GraphBuilder g = new(1);
        var w = Tensor.Of([32, 8], [.. Enumerable.Range(0, 256).Select(_ => (random.NextSingle() * 2) - 1)]);
        g.Output(g.Op("MatMul", [g.BatchInput(32), g.Constant(w, "w")]));
        var model = g.Build();
        var samples = new GeneratedSamples(400, [[32L]], (i, n) => Correlated(new Random(i), (int)n));

        var nearest = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain);
        var compensated = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain with { CompensateRounding = true });

        Assert.Contains(compensated.Report.Steps, s => s.Name.Contains("rounded", StringComparison.Ordinal) && s.IsTaken);
        Assert.InRange(QuantizedRun.Sqnr(model, compensated.Model, samples), QuantizedRun.Sqnr(model, nearest.Model, samples) + 0.5, 150);
    }

    [Fact]
    public void CorrectBias_ShiftedMeans_AreTakenBack()
    {
        var model = TestModels.MnistCnnLike();
        var samples = GeneratedSamples.For(model, 200, low: 0);
        var plain = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain);
        var corrected = QuantizedRun.Quantize(model, samples, QuantizationOptions.Plain with { CorrectBias = true });

        Assert.InRange(MeanShift(model, corrected.Model, samples), 0, 0.7 * MeanShift(model, plain.Model, samples));
    }

    [Theory]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { 1.0, 1, 1 }, false)]
    [InlineData(new[] { 0.5, 0.6, 0.4 }, new[] { 1.0, 1, 1 }, true)]
    [InlineData(new[] { 4.0, 0.1, 0.1 }, new[] { 1.0, 1, 1 }, false)]
    [InlineData(new[] { 0.0, 1.1, 1.1 }, new[] { 1.0, 1, 1 }, false)]
    public void IsNearer_WantsMoreThanTheLuckOfTheSamples(double[] errors, double[] than, bool expected) =>
        Assert.Equal(expected, OutputJudge.IsNearer(errors, than));

    [Fact]
    public void ErrorsUnlessFarther_OfAModelThatIsFarther_StopAfterAFewSamples_AndOfANearerOneTakeAll()
    {
        var stop = TestContext.Current.CancellationToken;
        var model = TestModels.Mlp();
        var judge = new OutputJudge(model, GeneratedSamples.For(model, 96), stop);
        var (near, far) = (Louder(model, 1.01f), Louder(model, 1.1f));
        var (nearErrors, farErrors) = (judge.Errors(near, stop), judge.Errors(far, stop));

        Assert.Equal(farErrors[..16], judge.ErrorsUnlessFarther(far, nearErrors, stop));
        Assert.Equal(nearErrors, judge.ErrorsUnlessFarther(near, farErrors, stop));
        Assert.Equal(nearErrors, judge.ErrorsUnlessFarther(near, nearErrors, stop));
    }

    [Theory]
    [InlineData(500, 1e6, 256)]
    [InlineData(500, 1e9, 100)]
    [InlineData(500, 1e12, 64)]
    [InlineData(40, 1e6, 40)]
    [InlineData(500, 0, 256)]
    public void ForRanges_OfALargeModel_AreFewer_AndTheLastOfAll(int samples, double work, int expected)
    {
        var all = GeneratedSamples.For(TestModels.Mlp(), samples);
        var chosen = JudgedSamples.Of(all).ForRanges(work);

        Assert.Equal(expected, chosen.Count);
        Assert.Equal(Values(all, samples - 1), Values(chosen, expected - 1));
    }

    private static float[] Values(ISampleSource samples, int index)
    {
        var input = samples.Inputs[0];
        var values = new float[Tensor.Elements([.. input.Shape])];
        input.Read(index, values);
        return values;
    }

    private static Model Louder(Model model, float factor)
    {
        var copy = model.Clone();
        var weight = copy.Graph.Nodes.First(n => n.OperatorType is "Gemm" or "MatMul").Input(1)!;
        new GraphEditor(copy.Graph).SetInitializer(weight, Tensor.Of(weight.Constant!.Dims.ToArray(), [.. weight.Constant.ToFloats().Select(w => w * factor)]));
        return copy;
    }

    private static double MeanShift(Model model, Model quantized, ISampleSource samples)
    {
        var (expected, actual) = (QuantizedRun.Outputs(model, samples).Chunk(10).ToList(), QuantizedRun.Outputs(quantized, samples).Chunk(10).ToList());
        return Enumerable.Range(0, 10).Sum(c => Math.Abs(expected.Average(r => r[c]) - actual.Average(r => r[c])));
    }

    private static float[] Correlated(Random random, int count)
    {
        var shared = random.NextSingle();
        return [.. Enumerable.Range(0, count).Select(_ => shared + (0.2f * random.NextSingle()))];
    }
}
