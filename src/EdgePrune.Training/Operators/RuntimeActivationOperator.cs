using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>The activations of ONNX Runtime's own domain, some with a bias that is added before.</summary>
internal sealed class RuntimeActivationOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Gelu", "BiasGelu", "FastGelu", "QuickGelu"];

    public override string Domain => "com.microsoft";

    public override Kernel Compile(Node node)
    {
        double slope = node.Float("alpha", 1.702f);
        return node.OperatorType switch
        {
            "QuickGelu" => Unary(x => x * (x * slope).sigmoid()),
            "FastGelu" => One(x => functional.gelu(Biased(x), TorchSharp.Modules.GELU.Approximate.tanh)),
            _ => One(x => functional.gelu(Biased(x))),
        };
    }

    private static torch.Tensor Biased(KernelInputs x) => x.Find(1) is { } bias ? x[0] + bias : x[0];
}
