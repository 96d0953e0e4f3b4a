using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Concat along an axis.</summary>
internal sealed class ConcatOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Concat"];

    public override Kernel Compile(Node node)
    {
        var axis = node.Int("axis", 1);
        return One(x => torch.cat(All(x), axis));
    }

    /// <summary>All inputs of a node.</summary>
    public static torch.Tensor[] All(KernelInputs x)
    {
        var parts = new torch.Tensor[x.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = x[i];
        }

        return parts;
    }
}
