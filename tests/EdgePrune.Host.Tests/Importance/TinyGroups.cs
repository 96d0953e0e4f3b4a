using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Graphs so small that scores can be worked out on paper: 1 x 1 convolutions of an image with 1 channel and 1 x 2 pixels.</summary>
internal static class TinyGroups
{
    /// <summary>Scores agree to six digits.</summary>
    public static IEqualityComparer<double> Close { get; } = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-6);

    /// <summary>Two producers added up, with weights (1, 2) and (3, 1), read with (2, 4).</summary>
    public static Model Spine()
    {
        GraphBuilder g = new(1);
        var x = Image(g);
        g.Output(Conv(g, g.Add(Conv(g, x, 2, 1f, 2), Conv(g, x, 2, 3f, 1)), 1, 2f, 4));
        return g.Build();
    }

    /// <summary>Producers (1, 2) and (3, 4) side by side, read with (1, 2, 3, 4).</summary>
    public static Model Joined()
    {
        GraphBuilder g = new(1);
        var x = Image(g);
        g.Output(Conv(g, g.Concat(1, g.Relu(Conv(g, x, 2, 1f, 2)), g.Relu(Conv(g, x, 2, 3f, 4))), 1, 1f, 2, 3, 4));
        return g.Build();
    }

    /// <summary>A producer (1, 3), depthwise filters (2, -2), a reader (1, 1).</summary>
    public static Model Depthwise()
    {
        GraphBuilder g = new(1);
        var x = g.Conv(Conv(g, Image(g), 2, 1f, 3), g.Constant(Tensor.Of([2, 1, 1, 1], [2f, -2])), null, groups: 2);
        g.Output(Conv(g, x, 1, 1f, 1));
        return g.Build();
    }

    /// <summary>Four channels of weight 1; a convolution in two blocks reads them with (1, 2) and (3, 4).</summary>
    public static Model Grouped()
    {
        GraphBuilder g = new(1);
        var x = Conv(g, Image(g), 4, 1f, 1, 1, 1);
        g.Output(g.Conv(x, g.Constant(Tensor.Of([2, 2, 1, 1], [1f, 2, 3, 4])), null, groups: 2));
        return g.Build();
    }

    /// <summary>Two channels of weights (1, -1) through Relu, flattened over two pixels, read with (1, 2, 3, 6).</summary>
    public static Model Flat()
    {
        GraphBuilder g = new(1);
        var x = g.Flatten(g.Relu(Conv(g, Image(g), 2, 1f, -1)));
        g.Output(g.Op("Gemm", [x, g.Constant(Tensor.Of([1, 4], [1f, 2, 3, 6]))], ("transB", 1)));
        return g.Build();
    }

    /// <summary>One convolution of filters over an image with one channel for each number of a filter, then a sum.</summary>
    public static Model Filters(params float[][] filters)
    {
        GraphBuilder g = new(1);
        var x = g.BatchInput(filters[0].Length, 1, 2);
        x = g.Conv(x, g.Constant(Tensor.Of([filters.Length, filters[0].Length, 1, 1], [.. filters.SelectMany(f => f)])), null);
        g.Output(Conv(g, x, 1, [.. filters.Select(_ => 1f)]));
        return g.Build();
    }

    public static IReadOnlyList<double> Score(string criterion, Model model, params float[][] samples)
    {
        var analysis = ModelAnalysis.Of(model);
        Assert.Single(analysis.Groups);
        return Score(criterion, analysis, 0, samples);
    }

    public static IReadOnlyList<double> Score(string criterion, ModelAnalysis analysis, int group, params float[][] samples)
    {
        var statistics = samples.Length == 0 ? null : StatisticsPass.Gather(analysis, new ListedSamples(samples), TestContext.Current.CancellationToken);
        return CriterionRegistry.Find(criterion).Score(analysis.Groups[group], new CriterionContext { Analysis = analysis, Seed = 1, Statistics = statistics });
    }

    public static Value Conv(GraphBuilder g, Value x, int outputs, params float[] weights) =>
        g.Conv(x, g.Constant(Tensor.Of([outputs, g.Channels(x), 1, 1], weights)), null);

    public static Value Image(GraphBuilder g) => g.BatchInput(1, 1, 2);

    private sealed class ListedSamples(float[][] samples) : ISampleSource
    {
        public int Count => samples.Length;

        public IReadOnlyList<int>? Labels => null;

        public IReadOnlyList<SampleInput> Inputs => [new SampleInput(null, [1, 1, 2], (index, destination) => samples[index].CopyTo(destination))];
    }
}
