using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A node with constants of one number for each channel: a normalization's scale and bias, a Mul or Add with a vector.</summary>
internal sealed class BalancedConstants(Node node, ChannelConstants constants, ChannelTies ties) : IBalanced
{
    public IReadOnlyList<int?> Made => ties.ChannelsOf(new AxisRef(node.Output, constants.Axis));

    /// <summary>Whether the constants are there as it takes to change them: 32-bit floats, one for each channel.</summary>
    public static bool Fits(Node node, ChannelConstants constants, ShapeTable shapes)
    {
        var channels = shapes.Size(node.Output, constants.Axis);
        return constants.Constants.All(c => node.Input(c.Input)?.Constant is { ElementType: ElementType.Float32 } tensor && tensor.Count == channels);
    }

    /// <summary>Gives a node another constant; other readers of the old one keep it.</summary>
    public static void Set(GraphEditor editor, Node node, int slot, Tensor tensor)
    {
        var value = node.Input(slot)!;
        if (value.Uses.Count == 1 && !value.IsGraphOutput)
        {
            editor.SetInitializer(value, tensor);
        }
        else
        {
            editor.SetInput(node, slot, editor.AddInitializer(value.Name, tensor));
        }
    }

    // Each channel has a number of its own, the largest of its row.
    public IEnumerable<(int? Channel, double Share)> Read() =>
        constants.Data == DataFactors.Free ? ReadChannels().Select(c => (c, 1.0)) : [];

    public void Scale(GraphEditor editor, Func<int?, double> divisorOf)
    {
        double[] made = [.. Made.Select(divisorOf)];
        double[] read = constants.Data == DataFactors.Refused ? [.. made.Select(_ => 1.0)] : [.. ReadChannels().Select(divisorOf)];
        foreach (var constant in constants.Constants)
        {
            double[] factors = [.. made.Select((m, i) => Math.Pow(read[i], constant.OfData) * Math.Pow(m, constant.OfOutput))];
            if (factors.Any(f => f != 1))
            {
                var tensor = node.Input(constant.Input)!.Constant!;
                Set(editor, node, constant.Input, tensor.WithFloats([.. tensor.ToFloats().Select((v, i) => (float)(v * factors[i]))]));
            }
        }
    }

    private int?[] ReadChannels() => ties.ChannelsOf(new AxisRef(node.Input(constants.DataInput)!, constants.Axis));
}
