using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Resize and Upsample: one axis after the other, each by the indices or the weights of <see cref="AxisResampling"/>.</summary>
internal sealed class ResizeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Resize", "Upsample"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) =>
        node.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize" ? "resizes a cut of its input"
        : node.Int("antialias", 0) != 0 ? "resizes with antialiasing"
        : node.Text("keep_aspect_ratio_policy", "stretch") != "stretch" ? "keeps the aspect ratio"
        : null;

    public override Kernel Compile(Node node)
    {
        // Before operator set 11 the scales are the second input, and sizes are never given.
        var isOld = node.Opset < 11;
        var (scales, sizes) = (NodeConstants.Floats(node, "scales", isOld ? 1 : 2), isOld ? _ => null : NodeConstants.Ints(node, "", 3));
        var axes = node.Ints("axes")?.ToArray();
        var resampling = new AxisResampling(node);
        return One(x =>
        {
            var result = x[0];
            var (factors, targets, named) = (scales(x), sizes(x), axes ?? NodeConstants.AxesFrom(0, x[0].dim()));
            for (var i = 0; i < named.Length; i++)
            {
                var axis = NodeConstants.Axis(named[i], result.dim());
                var size = result.shape[axis];
                var target = targets is { Length: > 0 } ? targets[i] : (long)Math.Floor(size * factors![i]);
                result = resampling.Apply(result, axis, target, targets is { Length: > 0 } ? (float)target / size : factors![i]);
            }

            return result;
        });
    }
}
