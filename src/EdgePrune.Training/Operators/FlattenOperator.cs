using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Flatten to a matrix: axes before <c>axis</c>, and axes from it on.</summary>
internal sealed class FlattenOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Flatten"];

    public override Kernel Compile(Node node)
    {
        var axis = node.Int("axis", 1);
        return Unary(x =>
        {
            var shape = x.shape;
            var split = (int)(axis < 0 ? axis + shape.Length : axis);
            return x.reshape(Tensor.Elements(shape.AsSpan(0, split)), Tensor.Elements(shape.AsSpan(split)));
        });
    }
}
