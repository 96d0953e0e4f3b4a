using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Normalization over the last axes: by mean and variance, or by the root of the mean square.</summary>
internal sealed class LayerNormalizationOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization"];

    public override Kernel Compile(Node node)
    {
        var axis = node.Int("axis", -1);
        double epsilon = node.Float("epsilon", 1e-5f);
        return node.OperatorType == "LayerNormalization"
            ? One(x => Centred(x, NodeConstants.Axis(axis, x[0].dim()), epsilon))
            : One(x => Scaled(RootMeanSquare(x[0], NodeConstants.Axis(axis, x[0].dim()), epsilon), x));
    }

    private static torch.Tensor Centred(KernelInputs x, int axis, double epsilon)
    {
        var (size, bias) = (x[0].shape[axis..], x.Find(2));
        return x[1].shape.SequenceEqual(size) && bias?.shape.SequenceEqual(size) != false
            ? functional.layer_norm(x[0], size, x[1], bias, epsilon)
            : Scaled(functional.layer_norm(x[0], size, eps: epsilon), x);
    }

    private static torch.Tensor RootMeanSquare(torch.Tensor x, int axis, double epsilon) =>
        x * (x.square().mean(NodeConstants.AxesFrom(axis, x.dim()), keepdim: true) + epsilon).rsqrt();

    private static torch.Tensor Scaled(torch.Tensor normal, KernelInputs x)
    {
        var scaled = x.Find(1) is { } scale ? normal * scale : normal;
        return x.Find(2) is { } bias ? scaled + bias : scaled;
    }
}
