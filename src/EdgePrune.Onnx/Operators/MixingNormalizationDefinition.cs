namespace EdgePrune.Onnx;

/// <summary>Normalization whose statistics run over channels: those stay whole, because removing one changes all others.</summary>
internal sealed class MixingNormalizationDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["LayerNormalization", "GroupNormalization", "LRN", "MeanVarianceNormalization", "LpNormalization"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data)
        {
            return null;
        }

        var mixed = MixedAxes(node, data.Length);
        var statistics = data.Select((d, axis) => mixed.Contains(axis) ? 1 : d).ToArray();
        return [data, .. node.Outputs.Skip(1).Select(_ => statistics)];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, rank) = (node.Input(0)!, shapes.Rank(node.Output));
        foreach (var output in node.Outputs.OfType<Value>())
        {
            BroadcastRules.Tie(output, data, shapes, links);
        }

        foreach (var axis in MixedAxes(node, rank))
        {
            links.Pin(data, axis, Reason(node, axis));
            links.Pin(node.Output, axis, Reason(node, axis));
        }

        foreach (var parameter in node.Inputs.Skip(1).OfType<Value>())
        {
            links.PinAll(parameter, shapes.Rank(parameter), new PinReason(PinKind.MixesAxis, $"'{parameter.Name}' holds one number for each channel that node {node} normalizes together with others."));
        }
    }

    private static PinReason Reason(Node node, int axis) =>
        new(PinKind.MixesAxis, $"Node {node} normalizes over axis {axis}: removing one channel would change all others.");

    private static int[] MixedAxes(Node node, int rank) => node.OperatorType switch
    {
        "LayerNormalization" => [.. Enumerable.Range(0, rank).Skip(NodeArguments.Axis(node.Int("axis", -1), rank))],
        "GroupNormalization" => [.. Enumerable.Range(1, rank - 1)],
        "MeanVarianceNormalization" => NodeArguments.Axes(node.Ints("axes") ?? [0, 2, 3], rank),
        "LpNormalization" => [NodeArguments.Axis(node.Int("axis", -1), rank)],
        _ => [1],
    };
}
