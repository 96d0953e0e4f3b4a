using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Finds channels whose batch normalization has scale 0: what their consumers read is a constant that comes from beta, so that
/// such a channel can move into the consumers' biases instead of being dropped with what it gave.
/// </summary>
/// <remarks>
/// Candidates are told by gamma, and in a group of several producers by weights of 0 in all of them. Their values are read
/// from runs on random inputs, so that whatever stands in between is counted as the runtime computes it; an index that is
/// not the same number at every position of every run is no constant. Moving W c into a bias is exact where the consumer
/// pads nothing; within padding the constant is 0.
/// </remarks>
internal static class ConstantChannels
{
    private const int Runs = 3;

    /// <summary>The constants of each activation that consumers read.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <returns>For each axis the constant indices with their values; axes without any are left out.</returns>
    public static IReadOnlyDictionary<AxisRef, IReadOnlyDictionary<int, float>> Find(ModelAnalysis analysis)
    {
        var candidates = Candidates(analysis);
        if (candidates.Count == 0)
        {
            return new Dictionary<AxisRef, IReadOnlyDictionary<int, float>>();
        }

        var values = candidates.ToDictionary(c => c.Key, c => c.Value.ToDictionary(i => i, _ => new List<float>()));
        Observe(analysis, values);
        return values
            .Select(v => (v.Key, Constants: v.Value.Where(i => i.Value.Count == 1).ToDictionary(i => i.Key, i => i.Value[0])))
            .Where(v => v.Constants.Count > 0)
            .ToDictionary(v => v.Key, v => (IReadOnlyDictionary<int, float>)v.Constants);
    }

    private static Dictionary<AxisRef, HashSet<int>> Candidates(ModelAnalysis analysis)
    {
        var candidates = new Dictionary<AxisRef, HashSet<int>>();
        foreach (var group in analysis.Groups)
        {
            var silent = Silent(group, analysis);
            foreach (var axis in group.Consumers.Select(c => c.Data).Distinct().Where(_ => silent.Contains(true)))
            {
                var indices = GroupInputs.Each(group, axis, i => i).Zip(silent).Where(c => c.Second).SelectMany(c => c.First);
                candidates[axis] = [.. candidates.GetValueOrDefault(axis) ?? [], .. indices];
            }
        }

        return candidates;
    }

    // Whether a normalization of each channel has scale 0 and nothing else adds to it.
    private static bool[] Silent(PruningGroup group, ModelAnalysis analysis)
    {
        var silent = new bool[group.Channels.Count];
        foreach (var axis in group.Axes.Where(analysis.Normalizations.ContainsKey))
        {
            var gamma = analysis.Normalizations[axis].Gamma;
            var zero = GroupInputs.Each(group, axis, indices => indices.All(i => gamma[i] == 0));
            silent = [.. silent.Zip(zero, (a, b) => a || b)];
        }

        foreach (var filters in GroupWeights.Filters(group).Select(f => f.Sums(power: 1)).Where(_ => group.Producers.Count > 1))
        {
            silent = [.. silent.Zip(filters, (a, sum) => a && sum == 0)];
        }

        return silent;
    }

    private static void Observe(ModelAnalysis analysis, Dictionary<AxisRef, Dictionary<int, List<float>>> values)
    {
        var probe = analysis.Model.Clone();
        var editor = new GraphEditor(probe.Graph);
        foreach (var name in values.Keys.Select(a => a.Value.Name).Distinct().Where(n => !probe.Graph.Values[n].IsGraphOutput))
        {
            editor.AddGraphOutput(probe.Graph.Values[name]);
        }

        using var runner = new GraphRunner(probe, new RunnerOptions { Optimize = false });
        for (var seed = 1; seed <= Runs; seed++)
        {
            var outputs = runner.OutputNames.Zip(runner.Run(RandomFeeds.For(analysis.Model, analysis.Shapes, seed))).ToDictionary(o => o.First, o => o.Second);
            foreach (var (axis, indices) in values)
            {
                Note(outputs[axis.Value.Name], axis.Axis, indices);
            }
        }
    }

    private static void Note(Tensor activation, int axis, Dictionary<int, List<float>> seen)
    {
        foreach (var (index, numbers) in seen)
        {
            numbers.AddRange(activation.Take(axis, [index]).ToFloats().Distinct().Except(numbers).ToList());
        }
    }
}
