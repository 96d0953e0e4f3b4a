using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Reads the samples of a step as the graph takes them.</summary>
/// <param name="graph">The graph.</param>
/// <param name="source">The samples, as this epoch sees them.</param>
internal sealed class BatchReader(TorchGraph graph, ISampleSource source)
{
    /// <summary>The samples in their order: one batch, or one for each sample where the model's batch is fixed.</summary>
    public IEnumerable<TrainingBatch> Read(int[] samples)
    {
        var feeder = new SampleFeeder(graph.Source, new SampleSubset(source, samples), samples.Length);
        return feeder.Batches().Select(b => new TrainingBatch(b.Feeds, new ArraySegment<int>(samples, b.Start, b.Count)) { Source = source });
    }
}
