using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

internal static partial class OperatorModels
{
    private static Dictionary<string, Func<Model>> Movements => new(StringComparer.Ordinal)
    {
        ["Slice"] = () => Make(17, [4, 7], (g, x) => g.Mul(g.Slice(g.Slice(x, 1, -5, long.MaxValue, 2), 0, 1, 3), g.Slice(g.Slice(x, 1, -1, 1, -2), 0, -3, -1))),
        ["Slice, backwards to the front"] = () => Make(17, [4, 7], (g, x) => g.Slice(x, 1, long.MaxValue, long.MinValue, -3)),
        ["Slice, of nothing"] = () => Make(17, [4, 7], (g, x) => g.OpOfShape("Slice", [4, 0], [x, g.Ints(9), g.Ints(12), g.Ints(1)])),
        ["Slice, attributes"] = () => Make(9, [4, 7], (g, x) => g.OpOfShape("Slice", [2, 4], [x], ("starts", Longs(1, 0)), ("ends", Longs(3, -3)), ("axes", Longs(0, 1)))),
        ["Slice, computed"] = () => Make(17, [4, 7], (g, x) => g.OpOfShape("Slice", [4, 3], [x, g.Ints(1), g.Op("Gather", [g.Op("Shape", [x]), g.Ints(0)]), g.Ints(1)])),
        ["Pad, constant"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("Pad", [x, g.Ints(0, 1, 2, 1, 0, -1), g.Scalar(0.5f)])),
        ["Pad, mirrored, edge and computed number"] = () => Make(18, [2, 3, 4], (g, x) => g.Concat(1,
            g.Op("Pad", [x, g.Ints(0, 2, 3, 0, 1, 2)], ("mode", "reflect")), g.Op("Pad", [x, g.Ints(0, 2, 3, 0, 1, 2)], ("mode", "edge")),
            g.OpOfShape("Pad", [2, 6, 9], [x, g.Ints(2, 3, 1, 2), g.Op("Squeeze", [g.Op("Cast", [g.Op("Size", [x])], ("to", 1))]), g.Ints(1, -1)]))),
        ["Pad, around"] = () => Make(19, [2, 3, 4], (g, x) => g.Op("Pad", [x, g.Ints(0, 2, 3, 0, 1, 2)], ("mode", "wrap"))),
        ["Pad, attributes"] = () => Make(9, [2, 3], (g, x) => g.Op("Pad", [x], ("pads", Longs(1, 0, 0, 2)), ("value", 0.25f))),
        ["Expand"] = () => Make(17, [3, 1], (g, x) => g.Mul(g.Op("Expand", [x, g.Ints(2, 1, 4)]), g.Op("Expand", [g.Weight(1, 4), g.Ints(2, 3, 1)]))),
        ["Tile"] = () => Make(17, [2, 3], (g, x) => g.Op("Tile", [x, g.Ints(2, 3)])),
        ["Gather"] = () => Make(17, [3, 4, 5], (g, x) => g.Op("Gather", [x, g.Constant(Tensor.Of([2, 2], [0L, -1L, 2L, 2L]))], ("axis", 1))),
        ["Gather, one"] = () => Make(17, [3, 4], (g, x) => g.Op("Gather", [x, g.Constant(Tensor.Of([], [-2L]))], ("axis", -1))),
        ["Gather, weight"] = () => Make(17, [2, 5], (g, x) => g.Add(x, g.Op("Gather", [g.Weight(1, 4, 5), g.Op("Cast", [g.Op("Greater", [g.ReduceMean(x, false, 1), g.Scalar(0)])], ("to", (long)ElementType.Int64))]))),
        ["GatherElements"] = () => Make(17, [3, 4], (g, x) => g.Op("GatherElements", [x, g.Constant(Tensor.Of([3, 2], [0L, 3L, -1L, 2L, 1L, -4L]))], ("axis", 1))),
        ["GatherND"] = () => Make(17, [2, 3, 4], (g, x) => g.OpOfShape("GatherND", [3, 4], [x, g.Constant(Tensor.Of([3, 2], [0L, 1L, 1L, -1L, 0L, 0L]))])),
        ["GatherND, batches"] = () => Make(17, [2, 3, 4], (g, x) => g.OpOfShape("GatherND", [2, 2, 4], [x, g.Constant(Tensor.Of([2, 2, 1], [0L, 2L, 1L, -1L]))], ("batch_dims", 1))),
        ["DepthToSpace and SpaceToDepth"] = () => Make(17, [1, 8, 2, 4], (g, x) => g.Concat(1,
            g.Op("SpaceToDepth", [g.Op("DepthToSpace", [x], ("blocksize", 2))], ("blocksize", 2)), g.Op("SpaceToDepth", [g.Op("DepthToSpace", [x], ("blocksize", 2), ("mode", "CRD"))], ("blocksize", 2)))),
        ["Resize, nearest"] = () => Make(17, [1, 2, 4, 5], (g, x) => g.Concat(1, [.. new[] { "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel" }.SelectMany(
            mode => new[] { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil" }.Select(round => Resized(g, x, [7, 3], ("mode", "nearest"), ("coordinate_transformation_mode", mode), ("nearest_mode", round))))])),
        ["Resize, linear"] = () => Make(17, [1, 2, 4, 5], (g, x) => g.Concat(1, [.. new[] { "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel" }.Select(
            mode => Resized(g, x, [7, 3], ("mode", "linear"), ("coordinate_transformation_mode", mode)))])),
        ["Resize, cubic"] = () => Make(17, [1, 2, 4, 5], (g, x) => g.Concat(1, [.. new[] { 0, 1 }.SelectMany(outside => new[] { "half_pixel", "asymmetric", "align_corners" }.Select(
            mode => Resized(g, x, [7, 8], ("mode", "cubic"), ("coordinate_transformation_mode", mode), ("exclude_outside", outside), ("cubic_coeff_a", -0.5f))))])),
        ["Resize, symmetric half pixels"] = () => Make(19, [1, 2, 4, 5], (g, x) => g.OpOfShape("Resize", [1, 2, 6, 8], [x, null, g.Constant(Tensor.Of([4], [1f, 1f, 1.6f, 1.7f]))], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel_symmetric"))),
        ["Resize, named axes"] = () => Make(18, [1, 2, 4, 5], (g, x) => g.OpOfShape("Resize", [1, 2, 8, 10], [x, null, g.Constant(Tensor.Of([2], [2f, 2f]))], ("axes", Longs(3, 2)), ("mode", "linear"))),
        ["Resize, one axis of space"] = () => Make(17, [1, 2, 4], (g, x) => g.OpOfShape("Resize", [1, 2, 7], [x, null, null, g.Ints(1, 2, 7)], ("mode", "linear"))),
        ["Resize before operator set 11"] = () => Make(10, [1, 2, 4, 6], (g, x) => g.OpOfShape("Resize", [1, 2, 8, 3], [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 0.5f]))], ("mode", "nearest"))),
        ["Upsample"] = () => Make(9, [1, 2, 4, 3], (g, x) => g.Concat(1,
            g.OpOfShape("Upsample", [1, 2, 8, 9], [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 3f]))], ("mode", "nearest")), g.OpOfShape("Upsample", [1, 2, 8, 9], [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 3f]))], ("mode", "linear")))),
        ["GridSample"] = () => Make(16, [1, 2, 4, 5], (g, x) => g.Concat(1, [.. new[] { "bilinear", "nearest" }.SelectMany(mode => new[] { "zeros", "border", "reflection" }.SelectMany(
            border => new[] { 0, 1 }.Select(aligns => g.Op("GridSample", [x, g.Constant(Grid())], ("mode", mode), ("padding_mode", border), ("align_corners", aligns)))))])),
        ["RoiAlign"] = () => Make(16, [2, 3, 6, 7], (g, x) => g.Concat(1, g.Op("RoiAlign", [x, Regions(g), g.Constant(Tensor.Vector(0, 1, 1))], ("output_height", 2), ("output_width", 3)),
            g.Op("RoiAlign", [x, Regions(g), g.Constant(Tensor.Vector(1, 0, 1))], ("output_height", 2), ("output_width", 3), ("sampling_ratio", 2), ("spatial_scale", 0.5f), ("coordinate_transformation_mode", "output_half_pixel")))),
        ["RoiAlign before operator set 16"] = () => Make(10, [2, 3, 6, 7], (g, x) => g.Op("RoiAlign", [x, Regions(g), g.Constant(Tensor.Vector(0, 1, 1))], ("output_height", 3), ("output_width", 2))),
        ["Col2Im"] = () => Make(18, [1, 8, 12], (g, x) => g.OpOfShape("Col2Im", [1, 2, 5, 4], [x, g.Ints(5, 4), g.Ints(2, 2)])),
        ["Col2Im, pads and strides"] = () => Make(18, [1, 8, 12], (g, x) => g.OpOfShape("Col2Im", [1, 2, 5, 7], [x, g.Ints(5, 7), g.Ints(2, 2)], ("strides", Longs(2, 2)), ("pads", Longs(0, 1, 1, 0)))),
        ["Computed shapes"] = () => Make(17, [2, 3, 4], (g, x) =>
        {
            var shape = g.Op("Shape", [x]);
            var rows = g.OpOfShape("Slice", [1], [shape, g.Ints(0), g.Ints(1)]);
            var flat = g.OpOfShape("Reshape", [2, 12], [x, g.OpOfShape("Concat", [2], [rows, g.Ints(-1)], ("axis", 0))]);
            var size = g.Op("Div", [g.Op("Size", [x]), g.Ints(2)]);
            var ones = g.OpOfShape("ConstantOfShape", [12], [size], ("value", Tensor.Of([1], [1.5f])));
            var zero = g.Constant(Tensor.Of([], [0L]));
            var range = g.OpOfShape("Range", [12], [zero, g.Op("Squeeze", [size]), g.Constant(Tensor.Of([], [1L]))]);
            return g.Add(g.Mul(flat, ones), g.Op("Cast", [range], ("to", 1)));
        }),
        ["Shape, part"] = () => MakeMany(17, [2, 3, 4], (g, x) => [g.OpOfShape("Shape", [2], [x], ("start", 1)), g.OpOfShape("Shape", [1], [x], ("start", -2), ("end", -1))]),
        ["Range of floats"] = () => Make(17, [5], (g, x) => g.Add(x, g.OpOfShape("Range", [5], [g.Scalar(0.5f), g.Scalar(2.9f), g.Scalar(0.5f)]))),
    };

    private static Value Resized(GraphBuilder g, Value x, long[] size, params (string, object)[] attributes) =>
        g.OpOfShape("Resize", [1, 2, .. size], [x, null, null, g.Ints(1, 2, size[0], size[1])], attributes);

    // The last region leaves its image.
    private static Value Regions(GraphBuilder g) => g.Constant(Tensor.Of([3, 4], [0.4f, 1.1f, 5.2f, 4.7f, 1.3f, 0.2f, 2.9f, 1.4f, -2.5f, 3.1f, 4.4f, 9.6f]));

    // Places inside, and a few outside; none on a cell's edge.
    private static Tensor Grid() => Tensor.Of([1, 3, 3, 2], [.. Enumerable.Range(0, 18).Select(i => ((i * 7 % 18) / 7.3f) - 1.17f)]);
}
