using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Activations: functions of one element, with the numbers that shape them.</summary>
internal sealed class ActivationOperator : TorchOperator
{
    public override IReadOnlyList<string> Types =>
    [
        "Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Gelu", "Mish", "Swish",
        "ThresholdedRelu", "Shrink",
    ];

    public override Kernel Compile(Node node)
    {
        double Argument(string name, float otherwise) => node.Float(name, otherwise);
        return Unary(node.OperatorType switch
        {
            "LeakyRelu" when Argument("alpha", 0.01f) is var slope => x => functional.leaky_relu(x, slope),
            "HardSigmoid" => HardSigmoid(Argument("alpha", 0.2f), Argument("beta", 0.5f)),
            "Elu" when Argument("alpha", 1) is var scale => x => functional.elu(x, scale),
            "Selu" => Selu(Argument("alpha", 1.67326319217681884765625f), Argument("gamma", 1.05070102214813232421875f)),
            "Celu" when Argument("alpha", 1) is var scale => x => functional.celu(x, scale),
            "Gelu" when node.Text("approximate", "none") == "tanh" => x => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
            "Swish" when Argument("alpha", 1) is var slope => x => x * (x * slope).sigmoid(),
            "ThresholdedRelu" when Argument("alpha", 1) is var level => x => functional.threshold(x, level, 0),
            "Shrink" => Shrink(Argument("lambd", 0.5f), Argument("bias", 0)),
            var type => Plain(type),
        });
    }

    private static Func<torch.Tensor, torch.Tensor> Plain(string type) => type switch
    {
        "Relu" => x => x.relu(),
        "Sigmoid" => x => x.sigmoid(),
        "Tanh" => x => x.tanh(),
        "HardSwish" => x => functional.hardswish(x),
        "Softplus" => x => functional.softplus(x),
        "Softsign" => x => functional.softsign(x),
        "Mish" => x => functional.mish(x),
        _ => x => functional.gelu(x),
    };

    private static Func<torch.Tensor, torch.Tensor> HardSigmoid(double alpha, double beta) => x => ((x * alpha) + beta).clamp(0, 1);

    private static Func<torch.Tensor, torch.Tensor> Selu(double alpha, double gamma) => x => x.elu(alpha, gamma, 1);

    private static Func<torch.Tensor, torch.Tensor> Shrink(double lambda, double bias) =>
        x => functional.threshold(x, lambda, bias) - functional.threshold(-x, lambda, bias);
}
