using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

internal static partial class OperatorModels
{
    private static Dictionary<string, Func<Model>> Layers => new(StringComparer.Ordinal)
    {
        ["ConvTranspose, asymmetric pads and output padding"] = () => Make(17, [1, 3, 4, 5], (g, x) =>
            g.OpOfShape("ConvTranspose", [1, 2, 9, 10], [x, g.Weight(0.5f, 3, 2, 3, 3), g.Weight(0.5f, 2)], ("strides", Longs(3, 2)), ("pads", Longs(1, 0, 3, 1)), ("output_padding", Longs(1, 0)))),
        ["ConvTranspose, groups and dilation"] = () => Make(17, [2, 4, 4, 5], (g, x) =>
            g.OpOfShape("ConvTranspose", [2, 6, 6, 11], [x, g.Weight(0.5f, 4, 3, 3, 3)], ("group", 2), ("dilations", Longs(1, 3)))),
        ["ConvTranspose, one axis"] = () => Make(17, [1, 3, 5], (g, x) => g.OpOfShape("ConvTranspose", [1, 2, 9], [x, g.Weight(0.5f, 3, 2, 3), g.Weight(0.5f, 2)], ("strides", Longs(2)), ("pads", Longs(1, 1)))),
        ["ConvTranspose, three axes"] = () => Make(17, [1, 2, 3, 2, 3], (g, x) => g.OpOfShape("ConvTranspose", [1, 2, 6, 3, 4], [x, g.Weight(0.5f, 2, 2, 2, 2, 2)], ("strides", Longs(2, 1, 1)))),
        ["ConvTranspose, output shape"] = () => Make(17, [1, 2, 3, 3], (g, x) => g.OpOfShape("ConvTranspose", [1, 2, 10, 8], [x, g.Weight(0.5f, 2, 2, 3, 3)], ("strides", Longs(3, 2)), ("output_shape", Longs(10, 8)), ("output_padding", Longs(1, 1)))),
        ["ConvTranspose, output shape beyond"] = () => Make(17, [1, 2, 3, 3], (g, x) => g.OpOfShape("ConvTranspose", [1, 2, 10, 8], [x, g.Weight(0.5f, 2, 2, 3, 3), g.Weight(0.5f, 2)], ("strides", Longs(3, 2)), ("output_shape", Longs(10, 8)))),
        ["ConvTranspose, same upper"] = () => Make(17, [1, 2, 3, 3], (g, x) => g.OpOfShape("ConvTranspose", [1, 2, 6, 6], [x, g.Weight(0.5f, 2, 2, 3, 3)], ("strides", Longs(2, 2)), ("auto_pad", "SAME_UPPER"))),
        ["ConvTranspose, same lower"] = () => Make(17, [1, 2, 3, 3], (g, x) => g.OpOfShape("ConvTranspose", [1, 2, 6, 6], [x, g.Weight(0.5f, 2, 2, 3, 3)], ("strides", Longs(2, 2)), ("auto_pad", "SAME_LOWER"))),
        ["Conv, computed weight"] = () => Make(17, [1, 2, 5, 5], (g, x) => g.OpOfShape("Conv", [1, 3, 3, 3], [x, g.Op("Tanh", [g.Weight(0.5f, 3, 2, 3, 3)])])),
        ["Einsum"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("Einsum", [g.Op("Einsum", [x, g.Weight(1, 4, 5)], ("equation", " ...i, ij ")), g.Weight(1, 3, 5)], ("equation", "bij,ij->bi"))),
        ["Einsum, diagonal"] = () => Make(17, [2, 3, 3], (g, x) => g.Op("Einsum", [x], ("equation", "bii->b"))),
        ["InstanceNormalization"] = () => Make(17, [2, 3, 4, 5], (g, x) => g.InstanceNorm(x)),
        ["GroupNormalization"] = () => Make(21, [2, 6, 4], (g, x) => g.Op("GroupNormalization", [x, g.Weight(1, 6), g.Weight(1, 6)], ("num_groups", 3), ("epsilon", 1e-2f))),
        ["GroupNormalization before operator set 21"] = () => Make(18, [2, 6, 4], (g, x) => g.Op("GroupNormalization", [x, g.Weight(1, 3), g.Weight(1, 3)], ("num_groups", 3))),
        ["LayerNormalization"] = () => Make(17, [2, 3, 4], (g, x) => g.LayerNorm(x)),
        ["LayerNormalization, two axes, broadcast scale, no shift"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("LayerNormalization", [x, g.Weight(1, 4)], ("axis", 1))),
        ["RMSNormalization"] = () => Make(23, [2, 3, 4], (g, x) => g.Op("RMSNormalization", [x, g.Weight(1, 4)])),
        ["SimplifiedLayerNormalization"] = () => Make(17, [2, 3, 4], (g, x) => g.Op("SimplifiedLayerNormalization", [x, g.Weight(1, 4)], ("axis", -1), ("epsilon", 1e-3f))),
        ["LpNormalization"] = () => Make(17, [2, 3, 4], (g, x) => g.Concat(1, g.Op("LpNormalization", [x], ("axis", 1)), g.Op("LpNormalization", [x], ("p", 1)))),
        ["MeanVarianceNormalization"] = () => Make(17, [2, 3, 4, 4], (g, x) => g.Add(g.Op("MeanVarianceNormalization", [x]), g.Op("MeanVarianceNormalization", [x], ("axes", Longs(2, 3))))),
        ["LRN"] = () => Make(17, [2, 5, 3, 3], (g, x) => g.Add(g.Op("LRN", [x], ("size", 3)), g.Op("LRN", [x], ("size", 5), ("alpha", 0.5f), ("beta", 0.6f), ("bias", 1.5f)))),
        ["MaxPool, three axes"] = () => Make(17, [1, 2, 5, 4, 6], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(2, 2, 3)), ("strides", Longs(2, 1, 2)), ("pads", Longs(0, 1, 1, 0, 1, 0)))),
        ["MaxPool, even pads"] = () => Make(17, [1, 2, 5, 6], (g, x) => g.Op("MaxPool", [x], ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1)))),
        ["MaxPool, places"] = () => MakeMany(17, [2, 2, 5, 6], (g, x) => g.Ops("MaxPool", 2, [x], ("kernel_shape", Longs(3, 2)), ("strides", Longs(2, 2)), ("pads", Longs(1, 0, 0, 1)))),
        ["MaxPool, places on one axis"] = () => MakeMany(17, [2, 2, 5], (g, x) => g.Ops("MaxPool", 2, [x], ("kernel_shape", Longs(2)))),
        ["AveragePool, three axes"] = () => Make(17, [1, 2, 5, 4, 6], (g, x) => g.Op("AveragePool", [x], ("kernel_shape", Longs(2, 2, 3)), ("pads", Longs(0, 1, 1, 0, 1, 1)))),
        ["AveragePool, even pads"] = () => Make(17, [1, 2, 5, 6], (g, x) => g.Add(
            g.Op("AveragePool", [x], ("kernel_shape", Longs(3, 3)), ("pads", Longs(1, 1, 1, 1))), g.Op("AveragePool", [x], ("kernel_shape", Longs(3, 3)), ("pads", Longs(1, 1, 1, 1)), ("count_include_pad", 1)))),
        ["AveragePool, dilated"] = () => Make(19, [1, 2, 7, 8], (g, x) => g.Op("AveragePool", [x], ("kernel_shape", Longs(2, 3)), ("dilations", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1)))),
        ["LpPool"] = () => Make(18, [1, 2, 7, 8], (g, x) => g.Concat(1, g.Op("LpPool", [x], ("kernel_shape", Longs(3, 2)), ("pads", Longs(1, 0, 1, 0))), g.Op("LpPool", [x], ("kernel_shape", Longs(3, 2)), ("pads", Longs(1, 0, 1, 0)), ("p", 3)))),
        ["GlobalMaxPool and GlobalLpPool"] = () => Make(17, [2, 3, 4, 5], (g, x) => g.Concat(1, g.Op("GlobalMaxPool", [x]), g.Op("GlobalLpPool", [x]), g.Op("GlobalLpPool", [x], ("p", 3)))),
    };
}
