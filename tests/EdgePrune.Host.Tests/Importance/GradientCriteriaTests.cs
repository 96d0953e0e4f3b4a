using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Criteria that look at gradients, and who measures them.</summary>
public sealed class GradientCriteriaTests
{
    [Theory]
    [InlineData("taylor", new[] { 3.0, 1 })]
    [InlineData("fisher", new[] { 0.5, 2 })]
    public void Score_IsTheMeasuredGradient_AndComparable(string name, double[] expected)
    {
        var analysis = ModelAnalysis.Of(TinyGroups.Flat());
        var criterion = CriterionRegistry.Find(name);

        var scores = criterion.Score(analysis.Groups[0], new CriterionContext { Analysis = analysis, Seed = 1, Gradients = Scores(analysis) });

        Assert.Equal(expected, scores);
        Assert.True(criterion.IsComparable);
    }

    [Theory]
    [InlineData("taylor")]
    [InlineData("fisher")]
    public void Score_WithoutGradients_SaysWhoMeasuresThem(string name)
    {
        var analysis = ModelAnalysis.Of(TinyGroups.Flat());

        var error = Assert.Throws<InputException>(() => CriterionRegistry.Find(name).Score(analysis.Groups[0], new CriterionContext { Analysis = analysis, Seed = 1 }));

        Assert.Equal(ErrorCode.NoSamples, error.Code);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_WithGradientsOfAnotherModel_IsRefused()
    {
        var analysis = ModelAnalysis.Of(TinyGroups.Flat());
        var others = Scores(ModelAnalysis.Of(TestModels.Mlp()));

        var error = Assert.Throws<InputException>(() => CriterionRegistry.Find("taylor").Score(analysis.Groups[0], new CriterionContext { Analysis = analysis, Seed = 1, Gradients = others }));

        Assert.Equal(ErrorCode.PlanMismatch, error.Code);
    }

    [Fact]
    public void Pipeline_RemovesTheChannelsOfTheSmallestScores_AndMeasuresOncePerSeedAndLabels()
    {
        var trainer = new CountingTrainer();
        var pipeline = new CompressionPipeline(TinyGroups.Flat(), null) { Trainer = trainer };
        CompressionOptions Options(string criterion, int seed = 1) => new() { Criterion = criterion, Rate = 0.5, Scope = PruningScope.PerLayer, Seed = seed };

        Assert.Equal([1], pipeline.Plan(Options("taylor")).Groups[0].Remove);
        Assert.Equal([0], pipeline.Plan(Options("fisher")).Groups[0].Remove);
        _ = pipeline.Plan(Options("fisher") with { Rate = 0.3 });
        _ = pipeline.Plan(Options("fisher", seed: 2));

        Assert.Equal([(false, 1), (true, 1), (true, 2)], trainer.Asked.Select(r => (r.OwnLabels, r.Seed)));
    }

    [Fact]
    public void Pipeline_WithoutATrainer_RefusesTheCriterion() => Assert.Throws<InputException>(() =>
        new CompressionPipeline(TinyGroups.Flat(), null).Plan(new CompressionOptions { Criterion = "fisher", Rate = 0.5 }));

    // The first channel matters to first order, the second to second order.
    private static GradientScores Scores(ModelAnalysis analysis) => new([.. analysis.Groups.Select(g => new GroupGradients(
        g.Name,
        [.. g.Channels.Select((_, i) => i == 0 ? 3.0 : 1)],
        [.. g.Channels.Select((_, i) => i == 0 ? 0.5 : 2)]))], 7);

    private sealed class CountingTrainer : ITrainer
    {
        public List<GradientRecipe> Asked { get; } = [];

        public TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken)
        {
            Asked.Add(recipe);
            return Scores(analysis);
        }
    }
}
