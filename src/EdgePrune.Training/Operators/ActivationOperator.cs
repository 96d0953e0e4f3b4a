using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Functions of one element.</summary>
internal sealed class ActivationOperator : TorchOperator
{
    public override IReadOnlyList<string> Types =>
        ["Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "Elu", "Softplus", "Erf", "Exp", "Sqrt", "Abs", "Neg"];

    public override Kernel Compile(Node node) => Unary(Function(node));

    private static Func<torch.Tensor, torch.Tensor> Function(Node node)
    {
        float Argument(string name, float otherwise) => node.Float(name, otherwise);
        switch (node.OperatorType)
        {
            case "LeakyRelu":
                double slope = Argument("alpha", 0.01f);
                return x => functional.leaky_relu(x, slope);
            case "HardSigmoid":
                var (alpha, beta) = (Argument("alpha", 0.2f), Argument("beta", 0.5f));
                return x => ((x * alpha) + beta).clamp(0, 1);
            case "Elu":
                double scale = Argument("alpha", 1);
                return x => functional.elu(x, scale);
            default:
                return Plain(node.OperatorType);
        }
    }

    private static Func<torch.Tensor, torch.Tensor> Plain(string type) => type switch
    {
        "Relu" => x => x.relu(),
        "Sigmoid" => x => x.sigmoid(),
        "Tanh" => x => x.tanh(),
        "HardSwish" => x => x * ((x / 6) + 0.5f).clamp(0, 1),
        "Softplus" => x => functional.softplus(x),
        "Erf" => x => x.erf(),
        "Exp" => x => x.exp(),
        "Sqrt" => x => x.sqrt(),
        "Abs" => x => x.abs(),
        _ => x => -x,
    };
}
