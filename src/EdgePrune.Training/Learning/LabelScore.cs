using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Accuracy by labels: the share of samples whose class has the highest value of the first output.</summary>
internal sealed class LabelScore : IScore
{
    // As many as fit into memory anywhere; the score does not depend on it.
    private const int Batch = 64;

    public double Of(TorchGraph graph, ISampleSource samples, CancellationToken cancellation)
    {
        var labels = samples.Labels ?? throw new InputException(ErrorCode.LabelMismatch, "The validation samples have no labels, so that accuracy cannot be told. Give labels, or a teacher to agree with.");
        var right = 0;
        foreach (var (feeds, start, count) in new SampleFeeder(graph.Source, samples, Batch).Batches())
        {
            cancellation.ThrowIfCancellationRequested();
            var output = graph.Run(feeds)[0];
            var classes = (int)(output.Count / count);
            var axis = new ClassAxis(count, classes, 1);
            var values = output.ToFloats();
            right += Enumerable.Range(0, count).Count(i => axis.Best(values, i) == labels[start + i]);
        }

        return 100.0 * right / samples.Count;
    }
}
