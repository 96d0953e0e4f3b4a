using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Cross-entropy of a model's first output against classes; a softmax at the end is seen through.</summary>
internal sealed class ClassificationObjective : IObjective
{
    private readonly TorchGraph _graph;
    private readonly Value _scores;
    private readonly LabelLoss _loss;

    /// <param name="graph">The model.</param>
    /// <param name="labels">The class of each sample of the source, or null, which is refused.</param>
    /// <param name="samples">Number of samples in the source.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.LabelMismatch"/>: labels are missing, too few or negative.</exception>
    public ClassificationObjective(TorchGraph graph, IReadOnlyList<int>? labels, int samples)
    {
        _graph = graph;
        _scores = ScoreOutput.Of(graph.Graph.Outputs[0]).Scores;
        _loss = new LabelLoss(graph.Graph.Outputs[0].Name, labels, samples);
    }

    public torch.Tensor Loss(TrainingBatch batch) => _loss.Of(_graph.Forward(batch.Feeds, [_scores])[0], batch.Samples);
}
