namespace EdgePrune.Onnx;

/// <summary>
/// Normalization whose statistics run over channels. With fewer channels they are other statistics, which a model stands
/// or is repaired for; local response normalization, whose windows would meet other neighbours, keeps all channels.
/// </summary>
internal sealed class MixingNormalizationDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types =>
    [
        "LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization", "GroupNormalization", "LRN",
        "MeanVarianceNormalization", "LpNormalization",
    ];

    public override ChannelConstants? ConstantsOf(Node node, ShapeTable shapes)
    {
        var rank = shapes.Rank(node.Output);
        int? axis = node.OperatorType switch
        {
            "LayerNormalization" or "RMSNormalization" or "SimplifiedLayerNormalization" when MixedAxes(node, rank) is [var only] => only,
            "GroupNormalization" when node.Opset >= 21 => 1,
            _ => null,
        };
        return axis is { } channels
            ? new ChannelConstants(0, channels, DataFactors.Refused, [.. Enumerable.Range(1, node.Inputs.Count - 1).Where(i => node.Input(i) is not null).Select(i => new ChannelConstant(i, 0, -1))])
            : null;
    }

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
        AxisRules.TieAll(links, data, node.Output, rank);
        foreach (var output in node.Outputs.Skip(1).OfType<Value>())
        {
            BroadcastRules.Tie(output, data, shapes, links);
        }

        foreach (var axis in MixedAxes(node, rank))
        {
            LinkMixed(node, axis, rank, links);
        }

        foreach (var parameter in node.Inputs.Skip(1).OfType<Value>())
        {
            LinkParameter(node, parameter, shapes, links);
        }
    }

    private static void LinkMixed(Node node, int axis, int rank, AxisLinks links)
    {
        var data = node.Input(0)!;
        if (node.OperatorType is "LRN" or "MeanVarianceNormalization" || (node.OperatorType == "GroupNormalization" && axis > 1))
        {
            links.Pin(data, axis, new PinReason(PinKind.MixesAxis, $"Node {node} normalizes over axis {axis}: removing one channel would change all others."));
            return;
        }

        var groups = node.OperatorType == "GroupNormalization" ? (int)node.Int("num_groups", 1) : 1;
        links.Reduce(new ChannelReduction
        {
            Node = node,
            Kind = node.OperatorType == "LpNormalization" ? ReductionKind.Pooling : ReductionKind.Normalization,
            Data = new AxisRef(data, axis),
            Axes = MixedAxes(node, rank),
            Blocks = groups,
            Fill = node.OperatorType is "LayerNormalization" or "GroupNormalization" ? ReductionFill.Mean : ReductionFill.Zero,
            ScaleInput = node.Inputs.Count > 1 ? 1 : -1,
            Text = $"Node {node} normalizes by the statistics of the kept channels only.",
        });
        if (groups > 1)
        {
            links.RequireEqualBlocks(data, axis, groups);
        }
    }

    // Scale and bias align with the last axes, or with the channels of group normalization, where before operator set 21
    // they had one number for each group instead.
    private static void LinkParameter(Node node, Value parameter, ShapeTable shapes, AxisLinks links)
    {
        if (node.OperatorType != "GroupNormalization")
        {
            BroadcastRules.Tie(parameter, node.Output, shapes, links);
        }
        else if (shapes.Size(parameter, 0) == shapes.Size(node.Output, 1) && node.Opset >= 21)
        {
            links.Tie(parameter, 0, node.Output, 1);
        }
    }

    private static int[] MixedAxes(Node node, int rank) => node.OperatorType switch
    {
        "LayerNormalization" or "RMSNormalization" or "SimplifiedLayerNormalization" => [.. Enumerable.Range(0, rank).Skip(NodeArguments.Axis(node.Int("axis", -1), rank))],
        "GroupNormalization" => [.. Enumerable.Range(1, rank - 1)],
        "MeanVarianceNormalization" => NodeArguments.Axes(node.Ints("axes") ?? [0, 2, 3], rank),
        "LpNormalization" => [NodeArguments.Axis(node.Int("axis", -1), rank)],
        _ => [1],
    };
}
