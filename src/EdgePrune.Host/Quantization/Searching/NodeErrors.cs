using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>How far every quantized node's output is from the float model's, with all that the nodes before it add.</summary>
internal static class NodeErrors
{
    private const int Samples = 16;
    private const int Batch = 4;

    /// <summary>Measures the nodes of an attempt.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="samples">Samples; a few are enough.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Squared difference over squares, by the name of the unit's first output.</returns>
    public static IReadOnlyDictionary<string, double> Measure(QuantizationRecipe recipe, QuantizationAttempt attempt, ISampleSource samples, CancellationToken cancellationToken)
    {
        var names = attempt.Units.Where(u => u.Rule != QuantizationRule.Movement).Select(attempt.NameOf)
            .Where(n => attempt.Model.Graph.Values.ContainsKey(n) && recipe.Prepared.Graph.Values[n].ElementType is ElementType.Float32 or ElementType.Undefined).ToList();
        var sums = names.ToDictionary(n => n, _ => (Difference: 0.0, Energy: 0.0));
        using var wanted = new GraphRunner(ProbedModel.Of(recipe.Prepared, names), new RunnerOptions { Optimize = false });
        using var given = new GraphRunner(ProbedModel.Of(attempt.Model, names), new RunnerOptions { Optimize = false });
        foreach (var (feeds, _, _) in new SampleFeeder(recipe.Prepared, SampleSubset.Range(samples, 0, Samples), Batch).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            wanted.Look(feeds, expected => given.Look(feeds, actual =>
            {
                foreach (var name in names)
                {
                    var (difference, energy) = sums[name];
                    sums[name] = (difference + Difference(expected[name].Span<float>(), actual[name].Span<float>()), energy + Energy(expected[name].Span<float>()));
                }
            }));
        }

        return sums.ToDictionary(s => s.Key, s => s.Value.Energy > 0 ? s.Value.Difference / s.Value.Energy : s.Value.Difference);
    }

    private static double Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        }

        return sum;
    }

    private static double Energy(ReadOnlySpan<float> a)
    {
        var sum = 0.0;
        foreach (var value in a)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
