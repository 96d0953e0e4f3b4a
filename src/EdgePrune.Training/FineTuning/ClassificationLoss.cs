using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Cross-entropy of a model's first output against classes. Where the output is a softmax, the scores before it are taken,
/// because the logarithm of a rounded probability has no useful gradient.
/// </summary>
internal sealed class ClassificationLoss(TorchGraph graph)
{
    private readonly Value _scores = graph.Graph.Outputs[0] is { Producer: { OperatorType: "Softmax" or "LogSoftmax", Domain: "" } softmax }
        ? softmax.Input(0)!
        : graph.Graph.Outputs[0];

    public torch.Tensor Of(IReadOnlyDictionary<string, Tensor> feeds, ReadOnlySpan<int> labels)
    {
        var scores = graph.Forward(feeds, [_scores])[0];
        var count = labels.Length;
        var shape = scores.shape;
        var classes = scores.numel() / count;
        if (classes < 2 || scores.numel() != classes * count || !shape.Contains(classes))
        {
            throw new ModelException(ErrorCode.ShapeMismatch,
                $"The first output '{graph.Graph.Outputs[0].Name}' has shape [{string.Join(", ", shape)}] for {count} sample(s); fine-tuning by labels needs one score for each class. Choose a classifier, or repair the model without training.");
        }

        var targets = new long[count];
        for (var i = 0; i < count; i++)
        {
            targets[i] = labels[i] < classes ? labels[i] : throw new InputException(ErrorCode.LabelMismatch,
                $"A label is {labels[i]}, but the model knows the classes 0 to {classes - 1}. Give labels of the model's classes.");
        }

        return torch.nn.functional.cross_entropy(scores.reshape(count, classes), torch.tensor(targets));
    }
}
