using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>MatMul with broadcasting of the leading axes.</summary>
internal sealed class MatMulOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["MatMul"];

    public override Kernel Compile(Node node) => One(x => MatrixProduct.Of(x[0], x[1]));
}
