using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>How far a model's outputs are from a reference's: summed squared difference over the reference's summed squares.</summary>
internal static class OutputError
{
    public static double Measure(Model reference, Model candidate, ISampleSource samples) =>
        Measure(reference, candidate, new SampleFeeder(reference, samples).Batches().Select(b => b.Feeds));

    /// <summary>The same on given inputs.</summary>
    public static double Measure(Model reference, Model candidate, IEnumerable<IReadOnlyDictionary<string, Tensor>> batches)
    {
        using var expected = new GraphRunner(reference);
        using var actual = new GraphRunner(candidate);
        var (difference, energy) = (0.0, 0.0);
        foreach (var feeds in batches)
        {
            foreach (var (a, b) in expected.Run(feeds).Zip(actual.Run(feeds)).Where(p => p.First.ElementType.IsFloat()))
            {
                var (x, y) = (a.ToFloats(), b.ToFloats());
                for (var i = 0; i < x.Length; i++)
                {
                    difference += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
                    energy += (double)x[i] * x[i];
                }
            }
        }

        return energy > 0 ? difference / energy : difference;
    }
}
