using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>What layers multiply their weights with at some random positions of every sample; equal draws give equal positions.</summary>
internal static class SampledRows
{
    /// <summary>Positions of each sample; what AIMET takes by default.</summary>
    private const int PerSample = 10;

    /// <summary>Reads rows of a model that has the layers of the draw's model, all channels or fewer.</summary>
    /// <returns>For each layer its rows.</returns>
    public static IReadOnlyList<float[][]> Read(RivalDraw draw, Model model, IReadOnlyList<Contraction> layers)
    {
        var probe = model.Clone();
        var editor = new GraphEditor(probe.Graph);
        string[] names = [.. layers.Select(l => Data(probe.Graph, l).Name)];
        foreach (var value in names.Distinct().Select(n => probe.Graph.Values[n]))
        {
            editor.AddGraphOutput(value);
        }

        using var runner = new GraphRunner(probe, new RunnerOptions { Optimize = false });
        var rows = Array.ConvertAll(names, _ => new List<float[]>());
        foreach (var (feeds, start, count) in new SampleFeeder(draw.Analysis.Model, draw.Samples).Batches())
        {
            var outputs = runner.OutputNames.Zip(runner.Run(feeds)).ToDictionary(o => o.First, o => o.Second);
            foreach (var (i, layer) in layers.Index())
            {
                Read(layer, outputs[names[i]], OutputShape(draw.Analysis, layer), (count, new Random((draw.Seed * 1_000_003) + start)), rows[i]);
            }
        }

        return [.. rows.Select(r => r.ToArray())];
    }

    private static Value Data(Graph graph, Contraction layer) =>
        graph.Values[layer.Output.Value.Name].Producer!.Input(layer.Node.Inputs.ToList().IndexOf(layer.Data.Value))!;

    private static long[] OutputShape(ModelAnalysis analysis, Contraction layer) => [.. analysis.Shapes[layer.Output.Value]];

    private static void Read(Contraction layer, Tensor data, long[] output, (int Count, Random Random) batch, List<float[]> into)
    {
        output[0] = data.Dims[0];
        var rows = ContractionRows.TryMake(layer)!;
        var positions = rows.Count(output) / batch.Count;
        for (var sample = 0; sample < batch.Count; sample++)
        {
            for (var i = 0; i < Math.Min(PerSample, positions); i++)
            {
                var position = positions <= PerSample ? i : batch.Random.Next(positions);
                var columns = new float[data.Dims[layer.Data.Axis] * rows.Taps];
                rows.Read(data, output, (sample * positions) + position, columns);
                into.Add(columns);
            }
        }
    }
}
