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
        using var wanted = new GraphRunner(With(recipe.Prepared, names), new RunnerOptions { Optimize = false });
        using var given = new GraphRunner(With(attempt.Model, names), new RunnerOptions { Optimize = false });
        foreach (var (feeds, _, _) in new SampleFeeder(recipe.Prepared, SampleSubset.Range(samples, 0, Samples), Batch).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var actual = given.OutputNames.Zip(given.Run(feeds)).ToDictionary(o => o.First, o => o.Second);
            foreach (var (name, expected) in wanted.OutputNames.Zip(wanted.Run(feeds)).Where(o => sums.ContainsKey(o.First)))
            {
                var (difference, energy) = sums[name];
                sums[name] = (difference + Difference(expected.Span<float>(), actual[name].Span<float>()), energy + Energy(expected.Span<float>()));
            }
        }

        return sums.ToDictionary(s => s.Key, s => s.Value.Energy > 0 ? s.Value.Difference / s.Value.Energy : s.Value.Difference);
    }

    private static Model With(Model model, List<string> names)
    {
        var probe = model.Clone();
        var editor = new GraphEditor(probe.Graph);
        names.Select(n => probe.Graph.Values[n]).Where(v => !v.IsGraphOutput).ToList().ForEach(editor.AddGraphOutput);
        return probe;
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
