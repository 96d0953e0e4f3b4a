using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Largest magnitude at each index of a value's axis, over all samples.</summary>
/// <param name="Value">Name of the value.</param>
/// <param name="Axis">Its axis.</param>
/// <param name="Largest">One magnitude for each index.</param>
internal sealed record ChannelPeaks(string Value, int Axis, float[] Largest)
{
    private const int Batch = 8;

    /// <summary>Measures every axis of these values whose channels can be scaled.</summary>
    /// <param name="model">The model.</param>
    /// <param name="statistics">Shapes of its values.</param>
    /// <param name="values">Names of the values.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static IReadOnlyList<ChannelPeaks> Gather(Model model, CalibrationStatistics statistics, IEnumerable<string> values, ISampleSource samples, CancellationToken cancellationToken)
    {
        var peaks = Axes(model.Graph, statistics, values);
        if (peaks.Count == 0)
        {
            return peaks;
        }

        using var runner = new GraphRunner(ProbedModel.Of(model, peaks.Select(p => p.Value)), new RunnerOptions { Optimize = false });
        foreach (var (feeds, _, _) in new SampleFeeder(model, samples, Batch).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Look(feeds, outputs => peaks.ForEach(p => p.Add(outputs[p.Value])));
        }

        return peaks;
    }

    private static List<ChannelPeaks> Axes(Graph graph, CalibrationStatistics statistics, IEnumerable<string> values)
    {
        var shapes = statistics.Shapes(graph);
        var classes = ScaleClasses.Find(graph, shapes);
        return [.. values.Order(StringComparer.Ordinal).Select(v => graph.Values[v]).Where(v => v.Producer is not null)
            .SelectMany(v => Enumerable.Range(0, shapes.Rank(v)).Select(axis => new AxisRef(v, axis)))
            .Where(a => Enumerable.Range(0, (int)shapes[a.Value][a.Axis]).Any(i => classes.ChannelOf(a, i) is not null))
            .Select(a => new ChannelPeaks(a.Value.Name, a.Axis, new float[shapes[a.Value][a.Axis]]))];
    }

    private void Add(Tensor tensor)
    {
        var values = tensor.Span<float>();
        var inner = (int)Tensor.Elements(tensor.Dims[(Axis + 1)..]);
        for (var i = 0; i < values.Length && inner > 0; i += inner)
        {
            var index = i / inner % Largest.Length;
            Largest[index] = Math.Max(Largest[index], Math.Abs(TensorPrimitives.MaxMagnitude(values.Slice(i, inner))));
        }
    }
}
