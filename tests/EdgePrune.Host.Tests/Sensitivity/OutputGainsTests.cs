using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class OutputGainsTests
{
    // All signs, so that channels are independent, each of variance 1 and mean 0; what repair adds to a variance is a thousandth.
    private static readonly ISampleSource Signs = SignsOf(4);

    [Fact]
    public void Measure_OfALinearChain_IsWhatTheOutputLosesOverWhatTheReaderLoses()
    {
        // h = x, read by (1, 2, 3, 4), read by (1, 1, 1, 3). Without its two smallest, the first reader lacks 1 + 4 of 30, and the output
        // 1 + 4 of 1 + 4 + 9 + 144. The second reader is the output.
        GraphBuilder g = new();
        g.Output(Scale(g, Scale(g, Scale(g, g.BatchInput(4), 1, 1, 1, 1), 1, 2, 3, 4), 1, 1, 1, 3));

        Assert.Equal([(5.0 / 158) / (5.0 / 30), 1], Measure(g.Build()), Near);
    }

    [Fact]
    public void Measure_WhereTheOutputSeesNothingOfTheHalf_GoesOnUntilItDoes()
    {
        // Of eight channels the output sees the two largest: without six it misses nothing, without seven 49 of 49 + 64, and the reader 140 of 204.
        GraphBuilder g = new();
        g.Output(Scale(g, Scale(g, Scale(g, g.BatchInput(8), 1, 1, 1, 1, 1, 1, 1, 1), 1, 2, 3, 4, 5, 6, 7, 8), 0, 0, 0, 0, 0, 0, 1, 1));

        Assert.Equal((49.0 / 113) / (140.0 / 204), Measure(g.Build(), SignsOf(8))[0], Near);
    }

    [Fact]
    public void Measure_OfAModelWithTwoOutputs_TakesTheirErrorsTogether()
    {
        // Both readers lack a sixth, which adds up to a third; the outputs lack 5 + 20 of 30 + 120.
        GraphBuilder g = new();
        var hidden = Scale(g, g.BatchInput(4), 1, 2, 3, 4);
        g.Output(Scale(g, hidden, 1, 1, 1, 1));
        g.Output(Scale(g, hidden, 2, 2, 2, 2));

        Assert.Equal([0.5], Measure(g.Build()), Near);
    }

    [Fact]
    public void Measure_OfAModelThatGivesOnlyClasses_IsOneThroughout()
    {
        GraphBuilder g = new();
        g.Output(g.Op("ArgMax", [Scale(g, Scale(g, g.BatchInput(4), 1, 2, 3, 4), 1, 1, 1, 1)], ("axis", 1)));

        Assert.Equal([1], Measure(g.Build()));
    }

    [Fact]
    public void Measure_OfGroupsWithoutStatistics_GivesTheirScoresTheUnitOfTheOutput()
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var samples = RandomSamples.For(analysis.Model, 16);
        var planner = new PrunePlanner(analysis, CriterionRegistry.Find("obs"), 1);

        var gains = new OutputGains(analysis, planner) { Statistics = null }.Measure(samples, TestContext.Current.CancellationToken);

        var plan = new LonePruning(analysis, planner.Times(gains), null).Plan(1, analysis.Groups[1].Channels.Count / 2);
        Assert.Equal(OutputError.Measure(analysis.Model, ChannelPruner.Apply(analysis, plan).Model, samples), plan.Groups[1].ErrorShare!.Value, 9);
    }

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.SplitHalves))]
    [InlineData(nameof(TestModels.RmsNorm))]
    public void Plan_OfAnyModelTwice_IsTheSameAndFinite(string name)
    {
        var first = Plan(name);

        Assert.Equal(first.Groups.Select(g => (g.Group, string.Join(',', g.Remove), g.ErrorShare)), Plan(name).Groups.Select(g => (g.Group, string.Join(',', g.Remove), g.ErrorShare)));
        Assert.All(first.Groups, g => Assert.True(g.ErrorShare is >= 0 and < double.PositiveInfinity));
    }

    // Both readers lose equally much by equally many channels, but the second adds a hundredth of the energy to the output.
    [Theory]
    [InlineData(PruningScope.Global, "0,2")]
    [InlineData(PruningScope.PerLayer, "1,1")]
    public void Plan_WhereGroupsCompete_TakesWhatTheOutputMissesLeast(PruningScope scope, string removed)
    {
        GraphBuilder g = new();
        var x = g.BatchInput(4);
        g.Output(g.Add(Scale(g, Scale(g, x, 1, 1, 1, 1), 1, 2, 3, 4), Scale(g, Scale(g, x, 1, 1, 1, 1), 0.1f, 0.2f, 0.3f, 0.4f)));

        var plan = new CompressionPipeline(g.Build(), Signs).Plan(new CompressionOptions { Rate = 0.25, Scope = scope });

        Assert.Equal(removed, string.Join(',', plan.Groups.Select(p => p.Remove.Count)));
    }

    [Theory]
    [InlineData(3, 448, 64)]
    [InlineData(12, 448, 64)]
    [InlineData(30, 448, 29)]
    [InlineData(200, 448, 16)]
    [InlineData(5, 10, 10)]
    [InlineData(0, 448, 64)]
    public void SamplesFor_ManyGroups_AreFewer(int groups, int samples, int expected) => Assert.Equal(expected, OutputGains.SamplesFor(groups, samples));

    private static IEqualityComparer<double> Near { get; } = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 0.004 * Math.Abs(a));

    private static ArraySamples SignsOf(int channels) =>
        new([.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, channels).Select(bit => ((i >> bit) & 1) == 0 ? 1f : -1f).ToArray())]);

    private static IReadOnlyList<double> Measure(Model model, ISampleSource? given = null)
    {
        var samples = given ?? Signs;
        var analysis = ModelAnalysis.Of(model);
        var statistics = new RepairStatistics(StatisticsPass.Gather(analysis, samples, TestContext.Current.CancellationToken), samples, samples);
        var context = new CriterionContext { Analysis = analysis, Seed = 1, Statistics = statistics.Channels };
        var planner = new PrunePlanner(context, CriterionRegistry.Find("obs"));
        return new OutputGains(analysis, planner) { Statistics = new Lazy<RepairStatistics>(statistics) }.Measure(samples, TestContext.Current.CancellationToken);
    }

    private static PrunePlan Plan(string name)
    {
        var model = TestModels.Make(name);
        return new CompressionPipeline(model, RandomSamples.For(model, 32)).Plan(new CompressionOptions { Rate = 0.3, RateOf = RateUnit.Macs });
    }

    private static Value Scale(GraphBuilder g, Value x, params float[] factors)
    {
        var weight = new float[factors.Length * factors.Length];
        foreach (var (i, factor) in factors.Index())
        {
            weight[(i * factors.Length) + i] = factor;
        }

        return g.MatMul(x, g.Constant(Tensor.Of([factors.Length, factors.Length], weight)));
    }
}
