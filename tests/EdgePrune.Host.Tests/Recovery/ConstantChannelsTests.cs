using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class ConstantChannelsTests
{
    [Theory]
    [InlineData(0.7f)]
    [InlineData(-0.7f)]
    public void Recover_OfAChannelThatIsConstant_GivesBackTheOriginal(float constant)
    {
        var (analysis, statistics) = Gather(Hidden(constant, duplicate: false));
        Assert.Equal([2], ConstantChannels.Of(analysis, statistics.Channels).Single());

        Assert.InRange(ErrorWithout(analysis, statistics, 2), 0, 1e-10);
    }

    [Fact]
    public void Recover_OfAChannelThatIsACopy_GivesBackTheOriginal()
    {
        var (analysis, statistics) = Gather(Hidden(0.7f, duplicate: true));

        Assert.InRange(ErrorWithout(analysis, statistics, 1), 0, 1e-6);
    }

    private static double ErrorWithout(ModelAnalysis analysis, RepairStatistics statistics, int channel)
    {
        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("l2"), 1).Plan(new PlanOptions(0, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1));
        var removed = new RemovedChannels(analysis, plan with { Groups = [plan.Groups[0] with { Remove = [channel] }] });
        var (model, _) = TrainingFreeRecovery.Recover(analysis, removed, ChannelPruner.Remove(analysis, removed), statistics);
        return OutputError.Measure(analysis.Model, model, new RandomSamples(300, 6));
    }

    private static (ModelAnalysis Analysis, RepairStatistics Statistics) Gather(Model model)
    {
        var analysis = ModelAnalysis.Of(model);
        return (analysis, TrainingFreeRecovery.Gather(analysis, RandomSamples.For(model, 128), TestContext.Current.CancellationToken));
    }

    // Unit 2 sees nothing of its input; unit 1 may be twice unit 0.
    private static Model Hidden(float constant, bool duplicate)
    {
        var random = new Random(5);
        float[] w1 = [.. Enumerable.Range(0, 24).Select(_ => random.NextSingle() - 0.5f)], w2 = [.. Enumerable.Range(0, 12).Select(_ => random.NextSingle() - 0.5f)];
        w1.AsSpan(12, 6).Clear();
        for (var i = 0; duplicate && i < 6; i++)
        {
            w1[6 + i] = 2 * w1[i];
        }

        var model = ModelFactory.Create("hidden");
        var editor = new GraphEditor(model.Graph);
        var x = editor.AddInput("x", ElementType.Float32, [new Dim(null, "batch"), 6]);
        var hidden = editor.AddNode("Gemm", [x, editor.AddInitializer("w1", Tensor.Of([4, 6], w1)), editor.AddInitializer("b1", Tensor.Of([4], [0f, 0f, constant, 0.1f]))], "hidden");
        editor.SetAttribute(hidden, "transB", new AttributeValue.Int(1));
        var output = editor.AddNode("Gemm", [editor.AddNode("Relu", [hidden.Output], "relu").Output, editor.AddInitializer("w2", Tensor.Of([3, 4], w2))], "y");
        editor.SetAttribute(output, "transB", new AttributeValue.Int(1));
        editor.AddGraphOutput(output.Output);
        return model;
    }
}
