using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>What must hold of every balanced model, whatever was measured: its float outputs are those of the original.</summary>
internal static class BalancingProperty
{
    // Factors of up to 32 on either side of a normalization, in 32-bit floats.
    private const double Tolerance = 2e-4;

    private static readonly CalibrationStatistics Nothing = new(new Dictionary<string, ValueStatistics>(), 0);

    /// <summary>A model balanced by ranges that are drawn at random for each channel, normalised before; null when there is nothing to balance.</summary>
    public static (Model Original, Model? Balanced) Balance(Model model, double power, int seed)
    {
        var normalized = ModelNormalizer.Normalize(model);
        var random = new Random(seed);
        var shapes = ChannelTies.AllShapes(normalized.Graph, Nothing);
        var axes = normalized.Graph.Values.Values.Where(v => v.Producer is not null && shapes.Find(v) is not null)
            .SelectMany(v => shapes[v].Select((size, axis) => (Axis: new AxisRef(v, axis), Size: (int)size)));
        var clipped = Clipped(normalized, seed);
        var peaks = axes.Select(a => clipped.TryGetValue(a.Axis.Value.Name, out var held) ? Measured(a.Axis, held) : new ChannelPeaks(a.Axis, Magnitudes(random, a.Size), Magnitudes(random, a.Size))).ToList();
        return (normalized, ChannelBalance.Apply(normalized, Nothing, peaks, power));
    }

    /// <summary>What does not hold, or null.</summary>
    public static string? Fault(RandomGraph graph, double power, int seed)
    {
        try
        {
            var (original, balanced) = Balance(graph.Model, power, seed);
            var error = balanced is null ? 0 : Difference(original, balanced, seed);
            return error <= Tolerance ? null : $"balanced by power {power:f2}, outputs differ by {error:g3}; {graph.Description}";
        }
        catch (EdgePruneException e)
        {
            return $"{e.Message}; {graph.Description}";
        }
    }

    /// <summary>A model whose biases are high, with what can be absorbed of them; null when nothing can.</summary>
    public static (Model Original, Model? Absorbed, ISampleSource Samples) Absorb(Model model, int seed)
    {
        var high = ModelNormalizer.Normalize(model);
        var (random, editor) = (new Random(seed), new GraphEditor(high.Graph));
        foreach (var bias in high.Graph.Nodes.Where(n => n.OperatorType is "Conv" or "Gemm").Select(n => n.Input(2)).OfType<Value>().Where(v => v.Constant is not null).Distinct())
        {
            editor.SetInitializer(bias, bias.Constant!.WithFloats([.. bias.Constant.ToFloats().Select(b => b + (random.NextSingle() * 20))]));
        }

        var samples = GeneratedSamples.For(high, 4);
        var values = high.Graph.Values.Values.Where(v => v is { Producer: not null, ElementType: ElementType.Float32 }).Select(v => v.Name).ToList();
        return (high, BiasAbsorption.Apply(high, Nothing, values, samples, CancellationToken.None), samples);
    }

    /// <summary>What does not hold of absorption, or null.</summary>
    public static string? AbsorptionFault(RandomGraph graph, int seed)
    {
        try
        {
            var (original, absorbed, samples) = Absorb(graph.Model, seed);
            var error = absorbed is null ? 0 : Run(original, samples).Zip(Run(absorbed, samples)).Max(p => Difference(p.First, p.Second));
            return error <= Tolerance ? null : $"with biases absorbed, outputs differ by {error:g3}; {graph.Description}";
        }
        catch (EdgePruneException e)
        {
            return $"{e.Message}; {graph.Description}";
        }
    }

    private static IEnumerable<Tensor> Run(Model model, ISampleSource samples)
    {
        using var runner = new GraphRunner(model, new RunnerOptions { Threads = 1 });
        return [.. new SampleFeeder(model, samples, 4).Batches().SelectMany(b => runner.Run(b.Feeds))];
    }

    /// <summary>Largest difference of two models' outputs on random inputs, relative to the largest output, or to 1.</summary>
    public static double Difference(Model expected, Model actual, int seed)
    {
        var feeds = Feeds.Random(expected, seed);
        return Runtime.Run(expected, feeds).Zip(Runtime.Run(actual, feeds)).Max(p => Difference(p.First, p.Second));
    }

    private static double Difference(Tensor expected, Tensor actual)
    {
        var relative = Compare.MaxRelativeError(expected, actual);
        var scale = expected.ElementType.IsFloat() ? expected.ToFloats().Max(MathF.Abs) : 1;
        return double.IsInfinity(relative) ? relative : relative * scale / Math.Max(1, scale);
    }

    // Behind a Clip the outputs stay for what was measured only.
    private static Dictionary<string, Tensor> Clipped(Model model, int seed)
    {
        var names = model.Graph.Nodes.Where(n => n.OperatorType == "Clip").Select(n => n.Output.Name).ToList();
        if (names.Count == 0)
        {
            return [];
        }

        Dictionary<string, Tensor> held = [];
        using var runner = new GraphRunner(ProbedModel.Of(model, names), new RunnerOptions { Threads = 1, Optimize = false });
        runner.Look(Feeds.Random(model, seed), outputs => names.ForEach(n => held[n] = Tensor.Of(outputs[n].Dims.ToArray(), outputs[n].ToFloats())));
        return held;
    }

    private static ChannelPeaks Measured(AxisRef axis, Tensor held)
    {
        var inner = (int)Tensor.Elements(held.Dims[(axis.Axis + 1)..]);
        var channels = held.ToFloats().Index().GroupBy(v => v.Index / inner % held.Dims[axis.Axis], v => v.Item).OrderBy(g => g.Key).ToList();
        return new ChannelPeaks(axis, [.. channels.Select(c => c.Min())], [.. channels.Select(c => c.Max())]);
    }

    private static float[] Magnitudes(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => MathF.Pow(1e6f, random.NextSingle()))];
}
