using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Gradients of the loss by gates, by hand and against differences.</summary>
public sealed class GradientMeasurementTests
{
    [TorchFact]
    public void Run_OfALinearModel_IsWhatOneWorksOutOnPaper()
    {
        // Hidden h = (x, 2x), scores (h1 + h2, h1 - h2) = (3x, -x). With p the share of class 0, dL/dscore = p - 1, 1 - p for class 0,
        // p, -p for class 1; a gate's gradient is h times its column: (d0 + d1) h1 = 0 for the first, (d0 - d1) h2 for the second.
        var model = Linear([1f, 1, 1, -1]);
        float[] x = [0.5f, -0.25f, 1];
        int[] labels = [0, 1, 1];
        var second = x.Zip(labels).Select(s => 2 * s.First * 2 * ((1 / (1 + Math.Exp(-4 * s.First))) - (s.Second == 0 ? 1 : 0))).ToList();

        var scores = GradientMeasurement.Run(ModelAnalysis.Of(model), new ListedSamples(x, labels), new GradientRecipe(), TestContext.Current.CancellationToken);

        var group = Assert.Single(scores.Groups);
        Assert.Equal(3, scores.Samples);
        Assert.Equal([0, Math.Abs(second.Average())], group.Taylor, Close);
        Assert.Equal([0, second.Average(g => g * g) / 2], group.Fisher, Close);
        Assert.Empty(group.Unseen);
    }

    [TorchTheory]
    [InlineData(nameof(TestModels.MnistCnnLike), 3)]
    [InlineData(nameof(TestModels.ResidualBlocks), 3)]
    [InlineData(nameof(TestModels.SqueezeExcite), 3)]
    [InlineData(nameof(TestModels.DepthwiseSeparable), 3)]
    [InlineData(nameof(TestModels.GroupedConv), 3)]
    [InlineData(nameof(TestModels.DenseNetLike), 3)]
    [InlineData(nameof(TestModels.Mlp), 3)]
    public void Run_AgreesWithDifferencesOfTheLoss(string name, int count)
    {
        var analysis = ModelAnalysis.Of(TestModels.Make(name));
        var samples = RandomSamples(analysis.Model, count);

        var scores = GradientMeasurement.Run(analysis, samples, new GradientRecipe { Samples = count }, TestContext.Current.CancellationToken);

        using var graph = new TorchGraph(analysis.Model);
        var gates = new ChannelGates(graph, analysis, GateSite.In(analysis).Sites);
        Assert.All(analysis.Groups.Zip(scores.Groups), pair =>
        {
            for (var channel = 0; channel < Math.Min(4, pair.First.Channels.Count); channel++)
            {
                var differences = Enumerable.Range(0, count).Select(i => Difference(graph, gates, pair.First, channel, samples, i)).ToList();
                Assert.Equal(Math.Abs(differences.Average()), pair.Second.Taylor[channel], Near);
                Assert.Equal(differences.Average(d => d * d) / 2, pair.Second.Fisher[channel], Near);
            }
        });
    }

    [TorchFact]
    public void Run_BehindAReshapeThatHidesTheSamples_GivesTheSameAsWithoutIt()
    {
        var plain = Tokens(reshaped: false);
        var reshaped = Tokens(reshaped: true);
        var samples = RandomSamples(plain, 9);

        var expected = Measure(plain, samples, own: false).Groups[0];
        var actual = Measure(reshaped, samples, own: false).Groups[0];

        Assert.Equal(expected.Taylor, actual.Taylor, Close);
        Assert.Equal(expected.Fisher, actual.Fisher, Close);
    }

    [TorchFact]
    public void Run_WithItsOwnLabels_NeedsNone_AndTheSameSeedGivesTheSame()
    {
        var model = TestModels.Mlp();
        var samples = new MemorySamples(40, 5, 10) { Labels = null };

        var first = Measure(model, samples, own: true);

        Assert.Equal(first.Groups.SelectMany(g => g.Fisher), Measure(model, samples, own: true).Groups.SelectMany(g => g.Fisher));
        Assert.NotEqual(first.Groups.SelectMany(g => g.Fisher), Measure(model, samples, own: true, seed: 2).Groups.SelectMany(g => g.Fisher));
        Assert.All(first.Groups.SelectMany(g => g.Fisher), f => Assert.True(f > 0));
    }

    [TorchFact]
    public void Draw_FollowsTheModelsOwnProbabilities()
    {
        // Scores 0 and log 3 whatever the sample is: class 1 comes three times as often.
        GraphBuilder g = new();
        g.Output(g.Op("Gemm", [g.BatchInput(1), g.Constant(Tensor.Of([1, 2], [0f, 0])), g.Constant(Tensor.Of([2], [0f, MathF.Log(3)]))]));
        using var graph = new TorchGraph(g.Build());

        var labels = OwnLabels.Draw(graph, new ListedSamples(new float[4000], null), 1);

        Assert.InRange(labels.Average(), 0.72, 0.78);
    }

    [TorchFact]
    public void Run_OfANormalizedSpine_GatesTheNormalizationToo()
    {
        GraphBuilder g = new(3);
        var x = g.MatMul(g.BatchInput(4, 6), 8);
        x = g.MatMul(g.LayerNorm(x), 8);
        g.Output(g.MatMul(g.ReduceMean(x, false, 1), 3));
        var analysis = ModelAnalysis.Of(g.Build());

        var scores = Measure(analysis.Model, RandomSamples(analysis.Model, 6), own: false);

        Assert.Contains(GateSite.In(analysis).Sites, s => s.MeanAxes is not null);
        Assert.All(scores.Groups.SelectMany(s => s.Fisher), f => Assert.True(double.IsFinite(f) && f > 0));
    }

    [TorchFact]
    public void Run_WithoutLabels_IsRefusedUnlessTheModelDrawsThem()
    {
        var error = Assert.Throws<InputException>(() => Measure(TestModels.Mlp(), new MemorySamples(4, 5, 10) { Labels = null }, own: false));

        Assert.Equal(ErrorCode.LabelMismatch, error.Code);
    }

    [TorchFact]
    public void Run_ForNoSamples_IsRefused()
    {
        var error = Assert.Throws<InputException>(() =>
            GradientMeasurement.Run(ModelAnalysis.Of(TestModels.Mlp()), new MemorySamples(4, 5, 10), new GradientRecipe { Samples = 0 }, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
    }

    [TorchFact]
    public void Run_Cancelled_Stops() => Assert.Throws<OperationCanceledException>(() =>
        GradientMeasurement.Run(ModelAnalysis.Of(TestModels.Mlp()), new MemorySamples(4, 5, 10), new GradientRecipe(), new CancellationToken(canceled: true)));

    private static IEqualityComparer<double> Close { get; } = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-5 * Math.Max(1, Math.Abs(a)));

    private static IEqualityComparer<double> Near { get; } = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 3e-3 * Math.Max(1, Math.Abs(a)));

    private static GradientScores Measure(Model model, ISampleSource samples, bool own, int seed = 1) =>
        GradientMeasurement.Run(ModelAnalysis.Of(model), samples, new GradientRecipe { OwnLabels = own, Seed = seed }, TestContext.Current.CancellationToken);

    // The loss with the channel's gate at 1 + h and 1 - h.
    private static double Difference(TorchGraph graph, ChannelGates gates, PruningGroup group, int channel, MemorySamples samples, int sample)
    {
        const float Step = 1e-3f; // Small enough to cross hardly any kink of a Relu.
        double Loss(float gate)
        {
            using var scope = torch.NewDisposeScope();
            using var frozen = torch.no_grad();
            gates.Set((site, size) => torch.tensor(Gate(site, (int)size, group, channel, gate)).reshape(1, -1));
            var feeds = new SampleFeeder(graph.Source, SampleSubset.Range(samples, sample, 1), 1).Batches().First().Feeds;
            return new ClassificationObjective(graph, samples.Labels, samples.Count).Loss(new TrainingBatch(feeds, [sample])).item<float>();
        }

        return (Loss(1 + Step) - Loss(1 - Step)) / (2 * Step);
    }

    private static float[] Gate(GateSite site, int size, PruningGroup group, int channel, float gate)
    {
        var values = new float[size];
        Array.Fill(values, 1);
        foreach (var index in group.Axes.Index().Where(a => a.Item == site.Axis).SelectMany(a => group.Channels[channel].Slices[a.Index]))
        {
            values[index] = gate;
        }

        return values;
    }

    private static Model Linear(float[] readers)
    {
        GraphBuilder g = new();
        var h = g.Op("Gemm", [g.BatchInput(1), g.Constant(Tensor.Of([1, 2], [1f, 2]))]);
        g.Output(g.Op("Gemm", [h, g.Constant(Tensor.Of([2, 2], readers))]));
        return g.Build();
    }

    private static Model Tokens(bool reshaped)
    {
        GraphBuilder g = new(5);
        var x = g.MatMul(g.BatchInput(3, 4), 6);
        x = g.Relu(x);
        var weight = g.Weight(0.5f, 6, 4);
        x = reshaped ? g.Reshape(g.Op("MatMul", [g.Reshape(x, -1, 6), weight]), -1, 3, 4) : g.Op("MatMul", [x, weight]);
        g.Output(g.ReduceMean(x, false, 1));
        return g.Build();
    }

    private static MemorySamples RandomSamples(Model model, int count)
    {
        var dims = model.Graph.FedInputs.Single().DeclaredShape!.Skip(1).Select(d => d.Size!.Value).ToArray();
        return new MemorySamples(count, 3, dims);
    }

    private sealed class ListedSamples(float[] values, int[]? labels) : ISampleSource
    {
        public int Count => values.Length;

        public IReadOnlyList<SampleInput> Inputs => [new SampleInput(null, [1], (index, destination) => destination[0] = values[index])];

        public IReadOnlyList<int>? Labels => labels;
    }
}
