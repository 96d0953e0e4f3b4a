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
    public void Score_WithoutStatistics_IsTheShareOfTheSquaredNorm()
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var norms = TinyGroups.Score("l2", analysis, 0);

        var scores = TinyGroups.Score("obs", analysis, 0);

        Assert.Equal(norms.Select(n => n * n / norms.Count), scores, TinyGroups.Close);
        Assert.Equal(1, scores.Sum(), 1e-9);
    }

    // Greedy elimination step by step, each cost from a fresh least-squares fit of all that is gone to all that stays.
    [Theory]
    [InlineData(nameof(TestModels.Mlp), 1)]
    [InlineData(nameof(TestModels.MnistCnnLike), 1)]
    [InlineData(nameof(TestModels.GroupedConv), 0)]
    [InlineData(nameof(TestModels.GroupedConv), 1)]
    [InlineData(nameof(TestModels.ResidualBlocks), 0)]
    [InlineData(nameof(TestModels.DenseNetLike), 0)]
    public void Score_OfEveryStep_IsWhatBruteForceLoses(string name, int number)
    {
        var (analysis, statistics) = Gather(TestModels.Make(name));
        var group = analysis.Groups[number];

        var scores = Score(analysis, group, statistics);

        var gone = new List<int>();
        var (lost, floor) = (0.0, 0.0);
        while (gone.Count < group.Channels.Count - 1)
        {
            var left = Enumerable.Range(0, group.Channels.Count).Except(gone).ToList();
            var (channel, loss) = left.Select(c => (c, group.Consumers.Sum(k => BruteForce.Loss(group, k, statistics[k.Data], [.. gone, c])))).MinBy(l => l.Item2);
            floor = Math.Max(floor, loss - lost);
            Assert.Equal(floor, scores[channel], Math.Max(1e-9, 1e-5 * floor));
            gone.Add(channel);
            lost = loss;
        }
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
