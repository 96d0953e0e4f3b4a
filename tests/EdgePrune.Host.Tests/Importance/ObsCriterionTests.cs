using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class ObsCriterionTests
{
    [Fact]
    public void Score_OfTheFirstToGo_IsTheShareOfVarianceThatTheBestRepairLoses()
    {
        var (analysis, statistics) = Gather(TestModels.MnistCnnLike());
        var group = analysis.Groups[^1];
        var consumer = Assert.Single(group.Consumers);
        var covariance = statistics[consumer.Data].Covariance();

        var scores = Score(analysis, group, statistics);

        var losses = Enumerable.Range(0, group.Channels.Count).Select(c => LossAfterBestRepair(consumer, covariance, c)).ToList();
        Assert.Equal(losses.Min(), scores.Min(), 0.01 * losses.Min());
        Assert.Equal(losses.IndexOf(losses.Min()), scores.ToList().IndexOf(scores.Min()));
    }

    [Theory]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    public void Score_IsFiniteAndNotNegative_ForEveryChannel(string name)
    {
        var (analysis, statistics) = Gather(TestModels.Make(name));

        Assert.All(analysis.Groups, g =>
        {
            var scores = Score(analysis, g, statistics);
            Assert.Equal(g.Channels.Count, scores.Count);
            Assert.All(scores, s => Assert.True(double.IsFinite(s) && s >= 0));
        });
    }

    [Fact]
    public void Score_WithoutStatistics_IsThatOfTheNorm()
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var context = new CriterionContext { Analysis = analysis, Seed = 1 };

        Assert.Equal(CriterionRegistry.Find("l2").Score(analysis.Groups[0], context), CriterionRegistry.Find("obs").Score(analysis.Groups[0], context));
    }

    // Worked out anew: the channel is predicted from all others by the normal equations; what stays is seen through the weights.
    private static double LossAfterBestRepair(Contraction consumer, double[,] covariance, int removed)
    {
        var size = covariance.GetLength(0);
        var ridge = 1e-3 * Enumerable.Range(0, size).Average(i => covariance[i, i]);
        var kept = Enumerable.Range(0, size).Where(i => i != removed).ToArray();
        var system = Array.ConvertAll(kept, i => Array.ConvertAll(kept, j => covariance[i, j] + (i == j ? ridge : 0)));
        double[][] mix = [Array.ConvertAll(kept, i => covariance[removed, i])];
        Assert.True(Cholesky.TrySolve(system, mix));
        var rest = covariance[removed, removed] + ridge - kept.Index().Sum(k => mix[0][k.Index] * covariance[removed, k.Item]);
        var weight = consumer.Weight.Value.Constant!;
        var columns = Enumerable.Range(0, size).Select(i => weight.Take(consumer.Weight.Axis, [i]).ToFloats()).ToArray();
        var energy = Enumerable.Range(0, size).Sum(i => Enumerable.Range(0, size).Sum(j => covariance[i, j] * columns[i].Zip(columns[j], (a, b) => (double)a * b).Sum()));
        return rest * columns[removed].Sum(w => (double)w * w) / energy;
    }

    private static IReadOnlyList<double> Score(ModelAnalysis analysis, PruningGroup group, IReadOnlyDictionary<AxisRef, ChannelStatistics> statistics) =>
        CriterionRegistry.Find("obs").Score(group, new CriterionContext { Analysis = analysis, Seed = 1, Statistics = statistics });

    private static (ModelAnalysis, IReadOnlyDictionary<AxisRef, ChannelStatistics>) Gather(Model model)
    {
        var analysis = ModelAnalysis.Of(model);
        return (analysis, StatisticsPass.Gather(analysis, RandomSamples.For(model, 200), TestContext.Current.CancellationToken));
    }
}
