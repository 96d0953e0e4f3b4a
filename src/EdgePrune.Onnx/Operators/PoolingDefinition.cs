namespace EdgePrune.Onnx;

/// <summary>Pooling over space: channels go through.</summary>
internal sealed class PoolingDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"];

    public override QuantizationRule QuantizationOf(Node node) => node.OperatorType switch
    {
        "AveragePool" or "GlobalAveragePool" => QuantizationRule.Activation,
        "MaxPool" => QuantizationRule.Movement,
        _ => QuantizationRule.Float,
    };

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override ShiftRule ShiftOf(Node node, ShapeTable shapes) => node.OperatorType switch
    {
        "MaxPool" or "GlobalMaxPool" or "GlobalAveragePool" => ShiftRule.Kept,
        "AveragePool" when IsMeanOfData(node) => ShiftRule.Kept,
        _ => ShiftRule.Changed,
    };

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data)
        {
            return null;
        }

        long[] output = node.Ints("kernel_shape") is { } kernel
            ? [data[0], data[1], .. WindowShape.Extents(node, data, kernel)]
            : [data[0], data[1], .. data[2..].Select(_ => 1L)];
        return [.. node.Outputs.Select(_ => output)];
    }

    // Zeros around the data or beyond its end would count.
    private static bool IsMeanOfData(Node node) =>
        node.Int("count_include_pad", 0) == 0
        || (node.Int("ceil_mode", 0) == 0 && node.Text("auto_pad", "NOTSET") is "NOTSET" or "VALID" && (node.Ints("pads") ?? []).All(p => p == 0));

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        AxisRules.TieFirstPinRest(links, node, node.Input(0)!, shapes, tied: 2);
        foreach (var extra in node.Outputs.Skip(1).OfType<Value>())
        {
            // Indices of maxima count over all channels: their values change when channels go, which matters if somebody reads them.
            links.Tie(extra, 1, node.Output, 1);
            if (!extra.IsUsed)
            {
                continue;
            }

            links.PinAll(extra, shapes.Rank(extra), new PinReason(PinKind.MixesAxis, $"Node {node} also gives the positions of maxima, which count over all channels."));
        }
    }
}
