using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Clip to bounds, which are attributes before operator set 11 and inputs after. Constant ones do not learn.</summary>
internal sealed class ClipOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Clip"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        if (node.Inputs.Skip(1).Any(bound => bound is { Constant: null }))
        {
            return One(x => Computed(x[0], x.Find(1), x.Find(2)));
        }

        Scalar? low = NodeConstants.Number(node, "min", 1), high = NodeConstants.Number(node, "max", 2);
        return (low, high) is (null, null) ? Unary(x => x) : Unary(x => x.clamp(low, high));
    }

    private static torch.Tensor Computed(torch.Tensor x, torch.Tensor? low, torch.Tensor? high)
    {
        var raised = low is null ? x : torch.maximum(x, low);
        return high is null ? raised : torch.minimum(raised, high);
    }
}
