using TorchSharp;

namespace EdgePrune.Training;

/// <summary>A copy of tensors to go back to.</summary>
internal sealed class TensorSnapshot : IDisposable
{
    private readonly List<(torch.Tensor Tensor, torch.Tensor Copy)> _pairs;

    public TensorSnapshot(IEnumerable<torch.Tensor> tensors)
    {
        using var frozen = torch.no_grad();
        _pairs = [.. tensors.Select(t => (t, t.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The copies, in the order of the tensors.</summary>
    public IReadOnlyList<torch.Tensor> Copies => [.. _pairs.Select(p => p.Copy)];

    public void Take()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        _pairs.ForEach(p => p.Copy.copy_(p.Tensor));
    }

    public void Restore()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        _pairs.ForEach(p => p.Tensor.copy_(p.Copy));
    }

    public void Dispose() => _pairs.ForEach(p => p.Copy.Dispose());
}
