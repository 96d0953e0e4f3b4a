using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Networks that train in milliseconds.</summary>
internal static class TinyModels
{
    /// <summary>Two dense layers from vectors to classes.</summary>
    public static Model Classifier(int inputs = 6, int hidden = 8, int classes = 4, string? end = null, int seed = 3)
    {
        GraphBuilder g = new(seed);
        var scores = g.Gemm(g.Relu(g.Gemm(g.BatchInput(inputs), hidden)), classes);
        g.Output(end is null ? scores : g.Op(end, [scores]));
        return g.Build();
    }

    /// <summary>A convolution, a normalization, a pooling and a dense layer from planes to classes.</summary>
    public static Model Planes(int channels = 3, int seed = 3)
    {
        GraphBuilder g = new(seed);
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Relu(g.BatchNorm(g.Conv(g.BatchInput(1, 6, 6), channels))))), 4));
        return g.Build();
    }
}
