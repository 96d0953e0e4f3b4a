using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Models for the coverage table: each shows one construct that real networks use, as small as it can be.</summary>
public static partial class CoverageModels
{
    private static readonly Dictionary<string, Func<Model>> ByName =
        new[] { Layers(), Branches(), Norms(), Attention(), Sequences(), Networks(), Files() }.SelectMany(d => d).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    /// <summary>Names of all models, for theories.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Makes a model by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The model, new on every call.</returns>
    public static Model Make(string name) => ByName[name]();

    // What every model has in common is its two ends; what is between them is what it shows.
    private static Func<Model> Of(Func<GraphBuilder, Value> make, int opset = 17) => () =>
    {
        GraphBuilder g = new(31, opset);
        g.Output(make(g));
        return g.Build();
    };

    private static Func<Model> OfImage(Func<GraphBuilder, Value, Value> make, int opset = 17, int side = 8) =>
        Of(g => Head(g, make(g, g.Relu(g.Conv(g.Input(1, 3, side, side), 8)))), opset);

    private static Func<Model> OfTokens(Func<GraphBuilder, Value, Value> make, int opset = 17) =>
        Of(g => g.MatMul(make(g, g.Add(g.MatMul(g.Input(1, 6, 5), 8), g.Weight(0.2f, 8))), 3), opset);

    private static Value Head(GraphBuilder g, Value x) => g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 3);

    // A convolution over any number of axes of space, padded to keep their size.
    private static Value ConvOver(GraphBuilder g, Value x, int channels, int kernel = 3)
    {
        var axes = g.Shape(x).Length - 2;
        long[] window = [.. Enumerable.Repeat((long)kernel, axes)];
        var weight = g.Weight(MathF.Sqrt(3f / (g.Channels(x) * MathF.Pow(kernel, axes))), [channels, g.Channels(x), .. window]);
        return g.Op("Conv", [x, weight, g.Weight(0.3f, channels)], ("kernel_shape", window), ("pads", Enumerable.Repeat((long)(kernel / 2), 2 * axes).ToArray()));
    }
}
