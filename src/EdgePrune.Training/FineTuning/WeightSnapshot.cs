using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>A copy of weights to go back to.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly List<(Parameter Weight, torch.Tensor Copy)> _pairs;

    public WeightSnapshot(IEnumerable<Parameter> weights)
    {
        using var frozen = torch.no_grad();
        _pairs = [.. weights.Select(w => (w, w.detach().clone().DetachFromDisposeScope()))];
    }

    public void Take()
    {
        using var frozen = torch.no_grad();
        _pairs.ForEach(p => p.Copy.copy_(p.Weight));
    }

    public void Restore()
    {
        using var frozen = torch.no_grad();
        _pairs.ForEach(p => p.Weight.copy_(p.Copy));
    }

    public void Dispose() => _pairs.ForEach(p => p.Copy.Dispose());
}
