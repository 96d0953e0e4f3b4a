using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Moves channels to pixels and back.</summary>
internal sealed class DepthSpaceOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["DepthToSpace", "SpaceToDepth"];

    public override Kernel Compile(Node node)
    {
        var block = node.Int("blocksize", 1);
        return node.OperatorType == "SpaceToDepth" ? Unary(x => ToDepth(x, block))
            : node.Text("mode", "DCR") == "DCR" ? Unary(x => ToSpace(x, block, isBlockFirst: true))
            : Unary(x => ToSpace(x, block, isBlockFirst: false));
    }

    private static torch.Tensor ToSpace(torch.Tensor x, long block, bool isBlockFirst)
    {
        var (batch, channels, height, width) = (x.shape[0], x.shape[1] / (block * block), x.shape[2], x.shape[3]);
        var moved = isBlockFirst
            ? x.reshape(batch, block, block, channels, height, width).permute(0, 3, 4, 1, 5, 2)
            : x.reshape(batch, channels, block, block, height, width).permute(0, 1, 4, 2, 5, 3);
        return moved.reshape(batch, channels, height * block, width * block);
    }

    private static torch.Tensor ToDepth(torch.Tensor x, long block)
    {
        var (batch, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2] / block, x.shape[3] / block);
        return x.reshape(batch, channels, height, block, width, block).permute(0, 3, 5, 1, 2, 4).reshape(batch, channels * block * block, height, width);
    }
}
