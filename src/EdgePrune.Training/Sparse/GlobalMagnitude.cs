using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Masks the weights of smallest magnitude over all layers at once.</summary>
internal static class GlobalMagnitude
{
    /// <summary>Makes masks grow to a number of zeros; what is masked stays masked, whatever its weight is.</summary>
    /// <param name="weights">Weights with their masks, 1 for kept and 0 for zero; the masks are changed.</param>
    /// <param name="zeros">Number of zeros in all masks together.</param>
    public static void Grow(IReadOnlyList<(torch.Tensor Weight, torch.Tensor Mask)> weights, long zeros)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var scores = torch.cat([.. weights.Select(w => torch.where(w.Mask.logical_not(), torch.tensor(-1f), w.Weight.detach().abs()).flatten())]);
        var mask = torch.ones(scores.numel());
        if (zeros > 0)
        {
            using var zero = 0.ToScalar();
            mask.index_fill_(0, scores.topk((int)zeros, 0, largest: false, sorted: false).indexes, zero);
        }

        var start = 0L;
        foreach (var (weight, kept) in weights)
        {
            kept.copy_(mask.slice(0, start, start + weight.numel(), 1).reshape(weight.shape));
            start += weight.numel();
        }
    }
}
