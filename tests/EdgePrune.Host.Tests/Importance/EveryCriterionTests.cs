using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>What must hold for every criterion on every kind of graph.</summary>
public sealed class EveryCriterionTests
{
    public static TheoryData<string> Criteria => [.. CriterionRegistry.Names];

    [Theory]
    [MemberData(nameof(Criteria))]
    public void GlobalPlan_At70Percent_EmptiesNoGroupAndKeepsToTheLimit(string criterion) => Assert.All(
        Models.Value,
        model =>
        {
            var context = new CriterionContext { Analysis = model.Analysis, Seed = 1, Statistics = model.Statistics, Gradients = Gradients(model.Analysis) };

            var plan = new PrunePlanner(context, CriterionRegistry.Find(criterion)).Plan(new PlanOptions(0.7, PruningScope.Global, 0.9, null, Precision.Float32, 1));

            Assert.All(plan.Groups, g => Assert.InRange(g.Channels - g.Remove.Count, Math.Max(1, (int)Math.Floor((0.1 * g.Channels) + 1e-9)), g.Channels));
        });

    [Theory]
    [MemberData(nameof(Criteria))]
    public void Score_OfEveryGroup_IsOneFiniteNumberAChannel(string criterion) => Assert.All(
        Models.Value.SelectMany(m => m.Analysis.Groups.Select(g => (Group: g, Model: m))),
        pair =>
        {
            var scores = CriterionRegistry.Find(criterion).Score(pair.Group, new CriterionContext { Analysis = pair.Model.Analysis, Seed = 1, Statistics = pair.Model.Statistics, Gradients = Gradients(pair.Model.Analysis) });

            Assert.Equal(pair.Group.Channels.Count, scores.Count);
            Assert.All(scores, s => Assert.True(double.IsFinite(s) && s >= 0));
            Assert.True(scores.Count <= 2 || scores.Distinct().Count() > 1);
        });

    [Theory]
    [MemberData(nameof(Criteria))]
    public void NeedsSamples_IsSaidByThoseThatChangeWithThem(string criterion)
    {
        var (analysis, statistics) = Models.Value[0];
        var found = CriterionRegistry.Find(criterion);
        IReadOnlyList<double> Score(IReadOnlyDictionary<AxisRef, ChannelStatistics>? known) =>
            found.Score(analysis.Groups[^1], new CriterionContext { Analysis = analysis, Seed = 1, Statistics = known, Gradients = Gradients(analysis) });

        Assert.Equal(found.NeedsSamples, !Score(null).SequenceEqual(Score(statistics)));
    }

    private static readonly Lazy<(ModelAnalysis Analysis, IReadOnlyDictionary<AxisRef, ChannelStatistics> Statistics)[]> Models = new(() =>
    [
        Gather(OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"))),
        .. new[]
        {
            nameof(TestModels.MnistCnnLike), nameof(TestModels.ResidualBlocks), nameof(TestModels.DepthwiseSeparable), nameof(TestModels.GroupedConv),
            nameof(TestModels.SqueezeExcite), nameof(TestModels.DenseNetLike), nameof(TestModels.Mlp), nameof(TestModels.ChannelShuffle), nameof(TestModels.SplitHalves), nameof(TestModels.OptionAShortcut), nameof(TestModels.Decoder),
        }.Select(n => Gather(TestModels.Make(n))),
    ]);

    private static GradientScores Gradients(ModelAnalysis analysis)
    {
        var random = new Random(2);
        double[] Draw(PruningGroup group) => [.. group.Channels.Select(_ => random.NextDouble())];
        return new GradientScores([.. analysis.Groups.Select(g => new GroupGradients(g.Name, Draw(g), Draw(g)))], 1);
    }

    private static (ModelAnalysis Analysis, IReadOnlyDictionary<AxisRef, ChannelStatistics> Statistics) Gather(Model model)
    {
        var analysis = ModelAnalysis.Of(model);
        return (analysis, StatisticsPass.Gather(analysis, RandomSamples.For(model, 40), CancellationToken.None));
    }
}
