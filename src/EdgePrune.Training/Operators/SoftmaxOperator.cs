using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Softmax and LogSoftmax.</summary>
internal sealed class SoftmaxOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Softmax", "LogSoftmax"];

    public override Kernel Compile(Node node) => Unary(node.OperatorType == "Softmax"
        ? AxisFunction.Of(node, (x, axis) => x.softmax(axis))
        : AxisFunction.Of(node, (x, axis) => x.log_softmax(axis)));
}
