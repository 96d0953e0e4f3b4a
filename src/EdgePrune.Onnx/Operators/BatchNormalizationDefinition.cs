namespace EdgePrune.Onnx;

/// <summary>
/// Normalization of every channel with constants of its own: batch normalization in inference, and instance normalization,
/// whose statistics are those of one channel's space. Removing channels is exact.
/// </summary>
internal sealed class BatchNormalizationDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["BatchNormalization", "InstanceNormalization"];

    // The mean is divided as the data is, and the scale takes the factor up, so that the variance and epsilon stay.
    public override ChannelConstants? ConstantsOf(Node node, ShapeTable shapes)
    {
        if (IsInTraining(node))
        {
            return null;
        }

        return node.OperatorType == "BatchNormalization"
            ? new ChannelConstants(0, 1, DataFactors.Free, [new ChannelConstant(1, 1, -1), new ChannelConstant(2, 0, -1), new ChannelConstant(3, -1, 0)])
            : new ChannelConstants(0, 1, DataFactors.Refused, [new ChannelConstant(1, 0, -1), new ChannelConstant(2, 0, -1)]);
    }

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) =>
        shapes.Find(node.Input(0)) is { } data
            ? [data, .. node.Outputs.Skip(1).Select(_ => new[] { data[1] })]
            : null;

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (IsInTraining(node))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.NotCovered, $"Node {node} is in its training form; export the model for inference."));
            return;
        }

        AxisRules.TieAll(links, node.Input(0)!, node.Output, shapes.Rank(node.Output));
        foreach (var parameter in node.Inputs.Skip(1).OfType<Value>())
        {
            links.Tie(parameter, 0, node.Output, 1);
        }

        if (node.OperatorType == "InstanceNormalization")
        {
            AxisRules.PinSpace(links, node, node.Output, shapes);
        }
    }

    private static bool IsInTraining(Node node) =>
        node.Int("spatial", 1) == 0 || node.Int("training_mode", 0) != 0 || node.Outputs.Skip(1).Any(o => o is not null);
}
