using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Classes drawn from what a model itself says of each sample: with them, squared gradients are those of its Fisher information.</summary>
internal static class OwnLabels
{
    /// <summary>Draws a class for each sample; the same seed draws the same.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>One class a sample.</returns>
    public static int[] Draw(TorchGraph graph, ISampleSource samples, int seed)
    {
        var random = new Random(seed);
        var labels = new int[samples.Count];
        var output = graph.Graph.Outputs[0].Producer?.OperatorType;
        foreach (var (feeds, start, count) in new SampleFeeder(graph.Source, samples).Batches())
        {
            var scores = graph.Run(feeds)[0].ToFloats();
            foreach (var (row, values) in scores.Chunk(scores.Length / count).Take(count).Index())
            {
                labels[start + row] = Pick(Weights(values, output), random.NextDouble());
            }
        }

        return labels;
    }

    private static double[] Weights(float[] scores, string? output)
    {
        var highest = scores.Max();
        return output == "Softmax" ? Array.ConvertAll(scores, s => (double)s) : Array.ConvertAll(scores, s => Math.Exp(s - highest));
    }

    private static int Pick(double[] weights, double share)
    {
        var left = share * weights.Sum();
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }
}
