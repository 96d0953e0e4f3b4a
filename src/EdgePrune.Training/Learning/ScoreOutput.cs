using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// An output and the scores behind it. A softmax is seen through, because the logarithm of a rounded probability has no
/// useful gradient.
/// </summary>
/// <param name="Output">The graph's output.</param>
/// <param name="Scores">What the softmax reads; the output itself without one.</param>
/// <param name="Softmax">The Softmax or LogSoftmax, or null.</param>
internal sealed record ScoreOutput(Value Output, Value Scores, Node? Softmax)
{
    /// <summary>An output of a graph.</summary>
    public static ScoreOutput Of(Value output) => output.Producer is { OperatorType: "Softmax" or "LogSoftmax", Domain: "" } softmax
        ? new ScoreOutput(output, softmax.Input(0)!, softmax)
        : new ScoreOutput(output, output, null);

    /// <summary>Scores as rows of one decision each: the softmax's axis moved last, before operator set 13 all axes from it on.</summary>
    public torch.Tensor Rows(torch.Tensor scores)
    {
        var axis = Softmax is null ? (scores.dim() >= 4 ? 1 : -1) : Softmax.Int("axis", Softmax.Opset >= 13 ? -1 : 1);
        if (Softmax is { Opset: < 13 })
        {
            var first = (int)(axis < 0 ? axis + scores.dim() : axis);
            return scores.reshape(Tensor.Elements(scores.shape.AsSpan(0, first)), -1);
        }

        return scores.movedim([axis], [-1]).reshape(-1, scores.shape[axis < 0 ? axis + scores.dim() : axis]);
    }
}
