using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Branches() => new(StringComparer.Ordinal)
    {
        ["residual"] = TestModels.ResidualBlocks,
        ["option-a"] = TestModels.OptionAShortcut,
        ["pre-activation"] = OfImage((g, x) =>
        {
            for (var i = 0; i < 3; i++)
            {
                x = g.Add(x, g.Conv(g.Relu(g.BatchNorm(g.Conv(g.Relu(g.BatchNorm(x)), 6))), 8));
            }

            return g.Relu(g.BatchNorm(x));
        }),
        ["three-way-add"] = OfImage((g, x) => g.Relu(g.Add(g.Op("Sum", [g.Conv(x, 6), g.Conv(x, 6, kernel: 1), g.Relu(g.Conv(x, 6))]), g.Weight(0.3f, 6, 1, 1)))),
        ["input-residual"] = Of(g =>
        {
            var x = g.Input(1, 6, 6, 6);
            return Head(g, g.Add(g.Conv(g.Relu(g.Conv(x, 8)), 6), x));
        }),
        ["dense"] = TestModels.DenseNetLike,
        ["inception"] = TestModels.ConcatInception,
        ["u-net"] = OfImage((g, x) =>
        {
            var low = g.Relu(g.Conv(g.MaxPool(x), 10));
            var up = g.Op("Resize", [low, null, null, g.Ints(1, 10, 8, 8)], ("mode", "linear"));
            return g.Relu(g.Conv(g.Concat(1, g.Relu(g.Conv(up, 6)), x), 4));
        }),
        ["concat-height"] = OfImage((g, x) => g.Relu(g.Conv(g.Concat(2, g.Conv(x, 6), g.Conv(x, 6, kernel: 1)), 4))),
        ["concat-resplit"] = OfImage((g, x) =>
        {
            var parts = g.Split(g.Concat(1, g.Conv(x, 4), g.Relu(g.Conv(x, 6))), 1, 5, 5);
            return g.Add(g.Conv(parts[0], 4), g.Conv(parts[1], 4));
        }),
        ["ghost"] = OfImage((g, x) =>
        {
            var primary = g.Relu(g.Conv(x, 6, kernel: 1));
            return g.Conv(g.Concat(1, primary, g.Relu(g.Depthwise(primary))), 5, kernel: 1);
        }),
        ["split-halves"] = OfImage((g, x) =>
        {
            var halves = g.Ops("Split", 2, [g.Relu(g.Conv(x, 8, kernel: 1))], ("axis", 1));
            var deep = g.Add(halves[1], g.Conv(g.Relu(g.Conv(halves[1], 6)), 4));
            return g.Conv(g.Concat(1, halves[0], halves[1], deep), 6, kernel: 1);
        }, opset: 13),
        ["split-opset11"] = OfImage((g, x) => Joined(g, g.Split(x, 1, 3, 5)), opset: 11),
        ["split-opset13"] = OfImage((g, x) => Joined(g, g.Split(x, 1, 3, 5)), opset: 13),
        ["split-uneven"] = OfImage((g, x) => Joined(g, g.Ops("Split", 3, [x], ("axis", 1), ("num_outputs", 3))), opset: 18),
        ["slice-as-split"] = OfImage((g, x) => Joined(g, [g.Slice(x, 1, 0, 3), g.Slice(x, 1, -5, long.MaxValue)])),
        ["slice-with-step"] = OfImage((g, x) =>
            Joined(g, [g.Slice(x, 1, 0, long.MaxValue, 2), g.Slice(x, 1, 1, long.MaxValue, 2), g.Slice(x, 1, -1, long.MinValue, -1), g.Slice(x, 1, 6, 0, -3)])),
        ["pick-channels"] = OfImage((g, x) =>
        {
            var one = g.Op("Gather", [x, g.Constant(Tensor.Of([], [2L]))], ("axis", 1));
            var table = g.Op("Gather", [x, g.Constant(Tensor.Of([2, 1], [5L, -3L]))], ("axis", 1));
            return g.Conv(g.Add(g.Mul(g.Conv(x, 6), g.Unsqueeze(one, 1)), g.Mul(g.Unsqueeze(one, 1), g.Reshape(g.ReduceMean(table, false, 1, 2), 1, 1, 8, 8))), 4);
        }),
        ["pixel-shuffle"] = OfImage((g, x) =>
        {
            var dcr = g.Op("DepthToSpace", [g.Conv(x, 16)], ("blocksize", 2), ("mode", "DCR"));
            return g.Conv(g.Add(dcr, g.Op("DepthToSpace", [g.Conv(x, 16)], ("blocksize", 2), ("mode", "CRD"))), 5);
        }, side: 4),
        ["shuffle-reshape"] = OfImage((g, x) =>
            g.Conv(g.Depthwise(g.Reshape(g.Transpose(g.Reshape(g.Relu(g.Conv(x, 8, groups: 2)), 0, 2, 4, 8, 8), 0, 2, 1, 3, 4), 0, 8, 8, 8)), 8, groups: 2)),
        ["shuffle-split"] = OfImage((g, x) =>
        {
            var parts = g.Split(g.Relu(g.Conv(x, 6)), 1, 1, 1, 1, 1, 1, 1);
            return g.Conv(g.Concat(1, parts[0], parts[3], parts[1], parts[4], parts[2], parts[5]), 4);
        }),
        ["shuffle-gather"] = OfImage((g, x) => g.Conv(g.Gather(g.Relu(g.Conv(x, 6)), 1, 0, 3, 1, 4, 2, 5), 4)),
        ["focus"] = OfImage((g, x) => g.Relu(g.Conv(g.Op("SpaceToDepth", [x], ("blocksize", 2)), 6))),
        ["squeeze-excite"] = TestModels.SqueezeExcite,
        ["spatial-attention"] = OfImage((g, x) =>
        {
            var both = g.Concat(1, g.ReduceMean(x, true, 1), g.Op("ReduceMax", [x], ("axes", new long[] { 1 }), ("keepdims", 1)));
            return g.Mul(x, g.Sigmoid(g.Conv(both, 1, kernel: 7)));
        }),
        ["channel-attention-conv1d"] = OfImage((g, x) =>
        {
            var gate = g.Op("Conv", [g.Transpose(g.Squeeze(g.GlobalAveragePool(x), 3), 0, 2, 1), g.Weight(0.5f, 1, 1, 3)], ("pads", new long[] { 1, 1 }));
            return g.Conv(g.Mul(x, g.Unsqueeze(g.Transpose(g.Sigmoid(gate), 0, 2, 1), 3)), 6);
        }),
        ["auxiliary-head"] = () =>
        {
            GraphBuilder g = new(31);
            var x = g.Relu(g.Add(g.Conv(g.Input(1, 3, 8, 8), 8), g.Conv(g.Input(1, 1, 8, 8), 8)));
            g.Output(Head(g, g.Relu(g.Conv(x, 5))));
            g.Output(Head(g, g.Relu(g.Conv(g.Relu(g.Conv(x, 6)), 7))));
            return g.Build();
        },
        ["detection-heads"] = Of(g =>
        {
            var x = g.Relu(g.Conv(g.Input(1, 3, 8, 8), 8));
            var low = g.Relu(g.Conv(g.MaxPool(x), 6));
            return g.Concat(1, Boxes(g, g.Relu(g.Conv(x, 5)), 8), Boxes(g, low, 4));
        }),
        ["siamese"] = TestModels.SharedWeights,
        ["grid-sample"] = OfImage((g, x) => g.Conv(g.Op("GridSample", [x, g.Input(1, 4, 4, 2)]), 6)),
        ["roi-align"] = OfImage((g, x) =>
        {
            var rois = g.Op("RoiAlign", [x, g.Input(2, 4), g.Constant(Tensor.Vector(0, 0))], ("output_height", 2), ("output_width", 2));
            return g.ReduceMean(g.Conv(rois, 6), true, 0);
        }),
        ["col2im"] = OfImage((g, x) =>
        {
            var columns = g.Reshape(g.Conv(x, 24, kernel: 1), 1, 24, 64);
            return g.Conv(g.Op("Col2Im", [columns, g.Ints(16, 16), g.Ints(2, 2)], ("strides", new long[] { 2, 2 })), 5);
        }, opset: 18),
    };

    // Every part gets a layer of its own, so that none ties to another.
    private static Value Joined(GraphBuilder g, IReadOnlyList<Value> parts) => g.Op("Sum", [.. parts.Select(p => g.Conv(p, 4))]);

    private static Value Boxes(GraphBuilder g, Value x, long side) =>
        g.Reshape(g.Transpose(g.Conv(x, 8, kernel: 1), 0, 2, 3, 1), 1, side * side * 2, 4);
}
