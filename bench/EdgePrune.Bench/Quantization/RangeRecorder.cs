using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Runs samples through a float model twice: once for the ranges of its values, once for their histograms.</summary>
internal static class RangeRecorder
{
    private const int Batch = 16;

    /// <summary>Records every 32-bit float value of a model, by its name.</summary>
    public static IReadOnlyDictionary<string, ValueRecord> Record(Model model, ISampleSource samples)
    {
        using var runner = new GraphRunner(WithInnerOutputs(model), new RunnerOptions { Optimize = false });
        Dictionary<string, ValueRecord> records = [];
        foreach (var (name, values, shape) in Samples(model, samples, runner))
        {
            if (!records.TryGetValue(name, out var record))
            {
                records[name] = record = new ValueRecord { Shape = shape };
            }

            record.Range(values.Span);
        }

        foreach (var (name, values, _) in Samples(model, samples, runner))
        {
            records[name].Count(values.Span);
        }

        return records;
    }

    private static IEnumerable<(string Name, ReadOnlyMemory<float> Values, long[] Shape)> Samples(Model model, ISampleSource samples, GraphRunner runner)
    {
        foreach (var (feeds, _, count) in new SampleFeeder(model, samples, Batch).Batches())
        {
            var outputs = runner.Run(feeds);
            foreach (var (name, tensor) in feeds.Select(f => (f.Key, f.Value)).Concat(runner.OutputNames.Zip(outputs)).Where(t => t.Item2.ElementType == ElementType.Float32))
            {
                var values = tensor.ToFloats();
                long[] shape = tensor.Rank > 0 && tensor.Dims[0] == count ? [1, .. tensor.Dims[1..]] : tensor.Dims.ToArray();
                var stride = (int)Tensor.Elements(shape);
                for (var start = 0; start < values.Length && stride > 0; start += stride)
                {
                    yield return (name, values.AsMemory(start, stride), shape);
                }
            }
        }
    }

    private static Model WithInnerOutputs(Model model)
    {
        var probe = model.Clone();
        var editor = new GraphEditor(probe.Graph);
        foreach (var value in probe.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => v.IsUsed).ToList())
        {
            editor.AddGraphOutput(value);
        }

        return probe;
    }
}
