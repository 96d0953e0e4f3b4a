using EdgePrune.Contracts;
using EdgePrune.Host;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Masked weights are exactly zero after every step, whatever momentum and decay would make of them.</summary>
internal sealed class MaskAction : IStepAction, IDisposable
{
    private readonly List<(torch.Tensor Weight, torch.Tensor Zeros)> _masked;

    /// <summary>Takes a mask and sets its weights to zero at once. Masked weights that do not learn must be zero already.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.PlanMismatch"/>: a weight is missing or has another shape.</exception>
    public MaskAction(TorchGraph graph, SparsityMask mask)
    {
        mask.ApplyTo(graph.Source.Clone());
        _masked = [.. mask.Weights.Where(w => graph.Parameters.ContainsKey(w.Name)).Select(w => ((torch.Tensor)graph.Parameters[w.Name], Zeros(w)))];
        Apply();
    }

    public void AfterStep(int step, int steps) => Apply();

    public void Dispose() => _masked.ForEach(m => m.Zeros.Dispose());

    private void Apply()
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        using var zero = 0.ToScalar();
        _masked.ForEach(m => m.Weight.masked_fill_(m.Zeros, zero));
    }

    private static torch.Tensor Zeros(MaskedWeight weight)
    {
        var bits = Enumerable.Range(0, (int)weight.Dims.Aggregate(1L, (a, b) => a * b)).Select(weight.IsZero).ToArray();
        return torch.tensor(bits, [.. weight.Dims]).DetachFromDisposeScope();
    }
}
