using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Normalization by the statistics of one sample, of each channel or of groups of channels.</summary>
internal sealed class ChannelNormalizationOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["InstanceNormalization", "GroupNormalization"];

    public override Kernel Compile(Node node)
    {
        double epsilon = node.Float("epsilon", 1e-5f);
        if (node.OperatorType == "InstanceNormalization")
        {
            return One(x => functional.group_norm(x[0], x[0].shape[1], x[1], x[2], epsilon));
        }

        var groups = node.Int("num_groups", 1);
        return One(x => functional.group_norm(x[0], groups, OfChannels(x[1], x[0], groups, node.Opset), OfChannels(x[2], x[0], groups, node.Opset), epsilon));
    }

    // Before operator set 21 there is one number for each group.
    private static torch.Tensor OfChannels(torch.Tensor numbers, torch.Tensor x, long groups, int opset) =>
        opset < 21 ? numbers.repeat_interleave(x.shape[1] / groups) : numbers;
}
