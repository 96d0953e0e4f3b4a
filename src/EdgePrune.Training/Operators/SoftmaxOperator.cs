using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Softmax and LogSoftmax: along one axis since operator set 13, before over all axes from one on.</summary>
internal sealed class SoftmaxOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Softmax", "LogSoftmax"];

    public override Kernel Compile(Node node)
    {
        var isLog = node.OperatorType == "LogSoftmax";
        if (node.Opset >= 13)
        {
            var axis = node.Int("axis", -1);
            return Unary(x => Along(x, axis, isLog));
        }

        var first = node.Int("axis", 1);
        return Unary(x =>
        {
            var split = (int)(first < 0 ? first + x.dim() : first);
            return Along(x.reshape(Tensor.Elements(x.shape.AsSpan(0, split)), -1), 1, isLog).reshape(x.shape);
        });
    }

    private static torch.Tensor Along(torch.Tensor x, long axis, bool isLog) => isLog ? x.log_softmax(axis) : x.softmax(axis);
}
