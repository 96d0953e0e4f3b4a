using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>What the tests of conversions ask again and again.</summary>
internal static class ConversionChecks
{
    public static ConvertedModel Convert(string precision, Model model) => PrecisionConversions.Find(precision).Convert(model, TestContext.Current.CancellationToken);

    /// <summary>Norm of the change of all float outputs over the norm of the outputs, on random inputs.</summary>
    public static double OutputError(Model model, Model converted, int freeDimension = 4, int seed = 5)
    {
        var feeds = Feeds.Random(model, seed, freeDimension);
        var (change, energy) = (0.0, 0.0);
        foreach (var (expected, actual) in Run(model, feeds).Zip(Run(converted, feeds)).Where(p => p.First.ElementType == ElementType.Float32))
        {
            Assert.Equal(expected.Dims, actual.Dims);
            foreach (var (e, a) in expected.ToFloats().Zip(actual.ToFloats()))
            {
                Assert.True(float.IsFinite(a), "An output is no finite number.");
                change += Math.Pow((double)e - a, 2);
                energy += (double)e * e;
            }
        }

        return Math.Sqrt(change / Math.Max(energy, 1e-30));
    }

    public static IReadOnlyList<Tensor> Run(Model model, IReadOnlyDictionary<string, Tensor> feeds)
    {
        using var runner = new GraphRunner(model, new RunnerOptions { Threads = 1 });
        return runner.Run(feeds);
    }

    /// <summary>One dense layer of given weights, [inputs, outputs].</summary>
    public static Model Dense(long inputs, long outputs, float[] weights)
    {
        GraphBuilder g = new(1);
        g.Output(g.Op("MatMul", [g.BatchInput(inputs), g.Constant(Tensor.Of([inputs, outputs], weights), "w")]));
        return g.Build();
    }

    public static float[] Weights(long count, int seed = 3) => new GraphBuilder(seed).RandomTensor(-1, 1, count).ToFloats();
}
