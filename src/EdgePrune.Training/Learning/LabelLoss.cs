using EdgePrune.Contracts;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Cross-entropy of scores against labels.</summary>
internal sealed class LabelLoss
{
    private readonly string _output;
    private readonly IReadOnlyList<int> _labels;

    /// <exception cref="InputException"><see cref="ErrorCode.LabelMismatch"/>: labels are missing, too few or negative.</exception>
    public LabelLoss(string output, IReadOnlyList<int>? labels, int samples)
    {
        (_output, _labels) = (output, labels ?? throw new InputException(ErrorCode.LabelMismatch,
            "The samples have no labels, and this training learns from labels. Give a file with one class for each sample, or a teacher to distil from."));
        if (labels.Count != samples)
        {
            throw new InputException(ErrorCode.LabelMismatch, $"There are {labels.Count} labels for {samples} samples. Give one class for each sample.");
        }

        if (labels.FirstOrDefault(l => l < 0) is < 0 and var bad)
        {
            throw new InputException(ErrorCode.LabelMismatch, $"A label is {bad}; classes are counted from 0. Correct the labels.");
        }
    }

    /// <summary>The mean over the samples.</summary>
    /// <param name="scores">One score for each class of each sample.</param>
    /// <param name="samples">Numbers of the samples.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.ShapeMismatch"/>: the model is no classifier.</exception>
    /// <exception cref="InputException"><see cref="ErrorCode.LabelMismatch"/>: a label is of no class of the model.</exception>
    public torch.Tensor Of(torch.Tensor scores, IReadOnlyList<int> samples)
    {
        var count = samples.Count;
        var shape = scores.shape;
        var classes = scores.numel() / count;
        if (classes < 2 || scores.numel() != classes * count || !shape.Contains(classes))
        {
            throw new ModelException(ErrorCode.ShapeMismatch,
                $"The first output '{_output}' has shape [{string.Join(", ", shape)}] for {count} sample(s); training by labels needs one score for each class. Choose a classifier, distil from a teacher without labels, or repair the model without training.");
        }

        var targets = samples.Select(s => (long)_labels[s]).ToArray();
        return targets.Max() < classes
            ? torch.nn.functional.cross_entropy(scores.reshape(count, classes), torch.tensor(targets))
            : throw new InputException(ErrorCode.LabelMismatch, $"A label is {targets.Max()}, but the model knows the classes 0 to {classes - 1}. Give labels of the model's classes.");
    }
}
