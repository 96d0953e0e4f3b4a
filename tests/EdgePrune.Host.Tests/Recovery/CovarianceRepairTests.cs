using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class CovarianceRepairTests
{
    [Fact]
    public async Task Repair_OfAChannelThatIsACopy_GivesBackTheOriginal()
    {
        // Unit 2 is twice unit 1: whatever it did, unit 1 can take over.
        var model = Hidden(units: 4, copy: true);
        var samples = new RandomSamples(64, 6);

        var (repaired, plain) = (await Prune(model, samples, repair: true), await Prune(model, samples, repair: false));

        Assert.InRange(OutputError.Measure(model, repaired.Model, samples), 0, 1e-4);
        Assert.True(OutputError.Measure(model, plain.Model, samples) > 0.01);
    }

    [Theory]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.SqueezeExcite))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.Mlp))]
    [InlineData(nameof(TestModels.DenseNetLike))]
    public async Task Repair_OnHeldOutSamples_IsNeverWorseThanNone(string name)
    {
        var model = TestModels.Make(name);
        var samples = RandomSamples.For(model, 160);

        var result = await Prune(model, samples, repair: true);

        Assert.NotNull(result.Recovery);
        Assert.True(result.Recovery.Consumers > 0);
        Assert.True(!result.Recovery.Kept || result.Recovery.ErrorAfter <= result.Recovery.ErrorBefore);
        var after = OutputError.Measure(model, result.Model, SampleSubset.Random(samples, 512, 1));
        Assert.True(after <= 1.05 * OutputError.Measure(model, (await Prune(model, samples, repair: false)).Model, SampleSubset.Random(samples, 512, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Repair_WithFewerSamplesThanChannels_GivesAFiniteModel(int count)
    {
        var model = TestModels.MnistCnnLike();

        var result = await Prune(model, RandomSamples.For(model, count), repair: true);

        Assert.All(result.Model.Graph.Initializers.Where(v => v.ElementType.IsFloat()), v => Assert.All(v.Constant!.ToFloats(), w => Assert.True(float.IsFinite(w))));
    }

    [Fact]
    public async Task Repair_OfLinearLayersSpelledMatMulAndAdd_FoldsTheInterceptIntoTheAdd()
    {
        var model = TestModels.Mlp();

        var result = await Prune(model, RandomSamples.For(model, 160), repair: true);

        Assert.Equal(model.Graph.Nodes.Count(n => n.OperatorType == "Add"), result.Model.Graph.Nodes.Count(n => n.OperatorType == "Add"));
    }

    [Fact]
    public async Task Run_OfAModelWithoutPrunableChannels_SaysWhy()
    {
        GraphBuilder g = new(1);
        g.Output(g.Gemm(g.BatchInput(6), 4));

        var error = await Assert.ThrowsAsync<Contracts.ModelException>(() => Prune(g.Build(), new RandomSamples(8, 6), repair: true));

        Assert.Equal(Contracts.ErrorCode.NothingToPrune, error.Code);
        Assert.Contains("is an output of the model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithTheSameSeed_GivesTheSameBytes()
    {
        var model = TestModels.ResidualBlocks();
        var samples = RandomSamples.For(model, 100);

        Assert.Equal((await Prune(model, samples, repair: true)).Bytes.ToArray(), (await Prune(model, samples, repair: true)).Bytes.ToArray());
    }

    private static Task<CompressionResult> Prune(Model model, ISampleSource samples, bool repair) =>
        CompressionPipeline.RunAsync(model, samples, new CompressionOptions { Rate = 0.25, Scope = PruningScope.PerLayer, Repair = repair }, null, TestContext.Current.CancellationToken);

    private static Model Hidden(int units, bool copy)
    {
        var random = new Random(5);
        var (w1, w2) = (Values(random, units * 6), Values(random, 3 * units));
        for (var i = 0; copy && i < 6; i++)
        {
            w1[6 + i] = 2 * w1[i];
        }

        // The copy is read with little weight, so that ranking picks it.
        (w2[0], w2[1], w2[units], w2[units + 1]) = (2, 0.2f, -2, 0.1f);
        for (var i = 0; i < 6; i++)
        {
            (w1[i], w1[6 + i]) = (w1[i] * 0.2f, w1[6 + i] * 0.2f);
        }

        var model = ModelFactory.Create("hidden");
        var editor = new GraphEditor(model.Graph);
        var x = editor.AddInput("x", ElementType.Float32, [new Dim(null, "batch"), 6]);
        var hidden = editor.AddNode("Gemm", [x, editor.AddInitializer("w1", Tensor.Of([units, 6], w1))], "hidden");
        editor.SetAttribute(hidden, "transB", new AttributeValue.Int(1));
        var relu = editor.AddNode("Relu", [hidden.Output], "relu");
        var output = editor.AddNode("Gemm", [relu.Output, editor.AddInitializer("w2", Tensor.Of([3, units], w2))], "y");
        editor.SetAttribute(output, "transB", new AttributeValue.Int(1));
        editor.AddGraphOutput(output.Output);
        return model;
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2) - 1)];
}
