using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Products of matrices, checked first: TorchSharp's binding of the batched product lets libtorch's exception end the
/// process, where every other binding hands it on.
/// </summary>
internal static class MatrixProduct
{
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static torch.Tensor Of(torch.Tensor a, torch.Tensor b)
    {
        if (a.dim() == 2 && b.dim() == 2)
        {
            return a.mm(b);
        }

        var (left, right) = (a.shape, b.shape);
        return left.Length > 0 && right.Length > 0 && left[^1] == right[^Math.Min(2, right.Length)] && Broadcasts(left, right)
            ? a.matmul(b)
            : throw new ArgumentException($"shapes [{string.Join(", ", left)}] and [{string.Join(", ", right)}] cannot be multiplied.");
    }

    private static bool Broadcasts(long[] left, long[] right) =>
        left.SkipLast(2).Reverse().Zip(right.SkipLast(2).Reverse()).All(p => p.First == p.Second || p.First == 1 || p.Second == 1);
}
