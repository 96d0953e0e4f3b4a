using TorchSharp;

namespace EdgePrune.Training;

/// <summary>One axis of space as a plane of height 1.</summary>
internal static class WindowPlane
{
    public static torch.Tensor Apply(WindowGeometry window, torch.Tensor x, Func<torch.Tensor, torch.Tensor> pool) =>
        window.Rank == 2 ? pool(x) : pool(x.unsqueeze(2)).squeeze(2);

    public static long[] Of(long[] sizes, long otherwise = 1) => sizes.Length == 2 ? sizes : [otherwise, sizes[0]];
}
