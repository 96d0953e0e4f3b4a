using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>
/// The largest of every window and its place in the whole tensor. In a tensor of 2 x 3 planes of 4 x 5 cells, row 1, column 2 of
/// the last plane is place 5 * 20 + 7.
/// </summary>
internal static class MaximumPlaces
{
    public static torch.Tensor[] Of(WindowGeometry window, torch.Tensor x)
    {
        var pads = window.RoundedPads(x, window.Pads(x));
        var (values, places) = Pool(window, WindowGeometry.Enlarge(x, pads, double.NegativeInfinity));
        var sizes = x.shape[^window.Rank..];
        var planes = torch.arange(x.shape[0] * x.shape[1]).reshape([x.shape[0], x.shape[1], .. Enumerable.Repeat(1L, window.Rank)]);
        var inside = torch.zeros_like(places);
        for (var (axis, unit) = (window.Rank - 1, 1L); axis >= 0; unit *= sizes[axis], axis--)
        {
            var padded = sizes[axis] + pads[axis].Begin + pads[axis].End;
            inside += (torch.remainder(places, padded) - pads[axis].Begin) * unit;
            places = places.floor_divide(padded);
        }

        return [values, (planes * EdgePrune.Onnx.Tensor.Elements(sizes)) + inside];
    }

    private static (torch.Tensor Values, torch.Tensor Places) Pool(WindowGeometry window, torch.Tensor x) => window.Rank switch
    {
        1 => functional.max_pool1d_with_indices(x, window.Kernel[0], window.Strides[0], 0, window.Dilations[0]),
        2 => functional.max_pool2d_with_indices(x, window.Kernel, window.Strides, [0, 0], window.Dilations),
        _ => functional.max_pool3d_with_indices(x, window.Kernel, window.Strides, [0, 0, 0], window.Dilations),
    };
}
