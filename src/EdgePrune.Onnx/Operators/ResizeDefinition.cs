namespace EdgePrune.Onnx;

/// <summary>Scales axes of space up or down. Axes whose size stays go through; the others stay whole.</summary>
internal sealed class ResizeDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Resize", "Upsample"];

    public override QuantizationRule QuantizationOf(Node node) =>
        node.OperatorType == "Resize" ? QuantizationRule.Movement : QuantizationRule.Float;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || node.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
        {
            return null;
        }

        var axes = NodeArguments.Axes(node.Ints("axes") ?? [.. data.Select((_, axis) => (long)axis)], data.Length);
        var output = data.ToArray();
        if (node.Input(3)?.Constant is { } sizes)
        {
            foreach (var (axis, size) in axes.Zip(sizes.ToInts()))
            {
                output[axis] = size;
            }

            return [output];
        }

        if (Scales(node) is not { Count: > 0 } scales)
        {
            return null;
        }

        foreach (var (axis, scale) in axes.Zip(scales))
        {
            output[axis] = (long)Math.Floor(data[axis] * scale);
        }

        return [output];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, output) = (node.Input(0)!, node.Output);
        var computed = NodeArguments.IsComputed(node, 3) || NodeArguments.IsComputed(node, ScalesInput(node));
        if (computed || node.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes sizes that are computed when the model runs, or crops."));
            return;
        }

        for (var axis = 0; axis < shapes.Rank(data); axis++)
        {
            if (axis < 2 && shapes.Size(data, axis) == shapes.Size(output, axis))
            {
                links.Tie(data, axis, output, axis);
            }
            else
            {
                var reason = new PinReason(PinKind.SpatialAxis, $"Node {node} interpolates along axis {axis}.");
                links.Pin(data, axis, reason);
                links.Pin(output, axis, reason);
            }
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        if (node.Input(3)?.Constant is not { } sizes)
        {
            return;
        }

        var old = sizes.ToInts();
        var axes = NodeArguments.Axes(node.Ints("axes") ?? [.. Enumerable.Range(0, old.Length).Select(axis => (long)axis)], change.OldShape(node.Output).Length);
        long[] changed = [.. old.Select((size, i) => change.Shrank(node.Output, axes[i]) ? change.Kept(node.Output, axes[i]).Count : size)];
        if (!changed.SequenceEqual(old))
        {
            change.SetConstant(node, 3, Tensor.Vector(changed));
        }
    }

    // Upsample and the first Resize take (X, scales); later ones (X, roi, scales, sizes).
    private static int ScalesInput(Node node) => node.OperatorType == "Upsample" || node.Opset < 11 ? 1 : 2;

    private static IReadOnlyList<float>? Scales(Node node) =>
        (node.Attributes.GetValueOrDefault("scales") as AttributeValue.Floats)?.Values ?? node.Input(ScalesInput(node))?.Constant?.ToFloats();
}
