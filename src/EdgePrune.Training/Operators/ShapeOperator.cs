using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Shapes as integers, and tensors made from integers: what computed shapes are written with.</summary>
internal sealed class ShapeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Shape", "Size", "ConstantOfShape", "Range"];

    public override bool Learns(Node node, int input) => false;

    public override Kernel Compile(Node node)
    {
        var (start, end) = (node.Int("start", 0), node.Int("end", int.MaxValue));
        return node.OperatorType switch
        {
            "Shape" => Unary(x => NodeConstants.Vector(Part(x.shape, start, end))),
            "Size" => Unary(x => torch.tensor(x.numel())),
            "Range" => One(x => torch.arange(x[0].ToScalar(), x[1].ToScalar(), x[2].ToScalar(), x[0].dtype)),
            _ => Filled(node),
        };
    }

    private static long[] Part(long[] shape, long start, long end)
    {
        var from = (int)Math.Clamp(start < 0 ? start + shape.Length : start, 0, shape.Length);
        return shape[from..(int)Math.Clamp(end < 0 ? end + shape.Length : end, from, shape.Length)];
    }

    private static Kernel Filled(Node node)
    {
        var shape = NodeConstants.Ints(node, "", 0);
        var value = (node.Attributes.GetValueOrDefault("value") as AttributeValue.Constant)?.Value ?? Tensor.Of([1], [0f]);
        return One(x => TorchTensors.From(value, x.Mode.Real).reshape([]).expand(shape(x)!).clone());
    }
}
