using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Functions of Softmax's kin: along one axis since operator set 13, before over all axes from one on.</summary>
internal static class AxisFunction
{
    public static Func<torch.Tensor, torch.Tensor> Of(Node node, Func<torch.Tensor, long, torch.Tensor> along)
    {
        if (node.Opset >= 13)
        {
            var axis = node.Int("axis", -1);
            return x => along(x, axis);
        }

        var first = node.Int("axis", 1);
        return x =>
        {
            var shape = x.shape;
            var split = (int)(first < 0 ? first + shape.Length : first);
            return along(x.reshape(Tensor.Elements(shape.AsSpan(0, split)), Tensor.Elements(shape.AsSpan(split))), 1).reshape(shape);
        };
    }
}
