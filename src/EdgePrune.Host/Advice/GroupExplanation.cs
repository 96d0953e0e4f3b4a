using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// A group of channels in the words of whoever made the model: which tensors go together, which layers make and read the
/// channels, why they are coupled, and what one channel is worth.
/// </summary>
public sealed record GroupExplanation
{
    /// <summary>Name of the group.</summary>
    public required string Name { get; init; }

    /// <summary>Number of channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Operators whose weights make the channels, in the model's order.</summary>
    public required IReadOnlyList<ExplainedOperator> MadeBy { get; init; }

    /// <summary>Operators that sum over the channels with weights, in the model's order.</summary>
    public required IReadOnlyList<ExplainedOperator> ReadBy { get; init; }

    /// <summary>Operators that hand the channels on: activations, pooling, reshapes, depthwise convolutions.</summary>
    public required IReadOnlyList<ExplainedOperator> PassedBy { get; init; }

    /// <summary>Constants that lose slices with each channel.</summary>
    public required IReadOnlyList<ExplainedTensor> Tensors { get; init; }

    /// <summary>Why these tensors belong together, a sentence each; empty for a layer and its readers alone.</summary>
    public required IReadOnlyList<string> Couplings { get; init; }

    /// <summary>Normalizations, means and sums that run over the kept channels only, a sentence each.</summary>
    public required IReadOnlyList<string> Reductions { get; init; }

    /// <summary>Rules for which numbers of channels can stay, a sentence each.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>What one channel is worth.</summary>
    public required ChannelWorth Worth { get; init; }

    /// <summary>Explains a group.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="group">One of its groups.</param>
    /// <returns>The explanation.</returns>
    public static GroupExplanation Of(ModelAnalysis analysis, PruningGroup group)
    {
        var worth = ChannelWorth.Of(analysis, group);
        var flow = new GroupFlow(analysis, group);
        return new GroupExplanation
        {
            Name = group.Name,
            Channels = group.Channels.Count,
            MadeBy = Operators(group.Producers.Select(c => c.Node)),
            ReadBy = Operators(group.Consumers.Select(c => c.Node)),
            PassedBy = Operators(flow.Passing.Concat(group.Carriers.Select(c => c.Node))),
            Tensors = [.. flow.Constants.Select(c => Tensor(flow, c.Value, c.Axis, c.Position)), .. group.Consumers.Where(c => c.Blocks > 1).Select(BlockTensor)],
            Couplings = CouplingWords.Of(flow),
            Reductions = [.. group.Reductions.Select(r => r.Text).Distinct()],
            Rules = BlockRules(group),
            Worth = worth,
        };
    }

    private static List<ExplainedOperator> Operators(IEnumerable<Node> nodes) => [.. nodes.Distinct().Select(n => new ExplainedOperator(n.Label, n.OperatorType))];

    private static ExplainedTensor Tensor(GroupFlow flow, Value value, int axis, int position) =>
        new(value.Name, axis, value.Constant!.Dims[axis], IndexWords.Describe(flow.Slices(position), IndexWords.UnitOf(value.Constant.Rank, axis)));

    // The weight of a grouped convolution: its slices are not at the same place in every block.
    private static ExplainedTensor BlockTensor(Contraction consumer)
    {
        var (weight, axis) = (consumer.Weight.Value, consumer.Weight.Axis);
        var unit = IndexWords.UnitOf(weight.Constant!.Rank, axis);
        return new ExplainedTensor(weight.Name, axis, weight.Constant.Dims[axis], consumer.OutputAxisIsPerBlock
            ? $"{unit.Many} 0..{weight.Constant.Dims[axis] - 1}, one for each channel"
            : $"in each of {consumer.Blocks} blocks one of {weight.Constant.Dims[axis]} {unit.Many} for each channel of the block");
    }

    private static List<string> BlockRules(PruningGroup group)
    {
        if (group.Blocks == 1)
        {
            return [];
        }

        var causes = group.Producers.Concat(group.Consumers).Where(c => c.Blocks > 1).Select(c => c.Node)
            .Concat(group.Reductions.Where(r => r.Blocks > 1).Select(r => r.Node))
            .Distinct()
            .Select(n => $"{n.OperatorType} '{n.Label}'")
            .ToList();
        var because = causes.Count == 0 ? "" : $" ({string.Join(", ", causes)})";
        return [$"The {group.Blocks} blocks of {group.Channels.Count / group.Blocks} channels must keep equally many{because}: widths go down in steps of {group.Blocks}."];
    }
}

/// <summary>An operator that has to do with a group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
public sealed record ExplainedOperator(string Name, string Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} '{Name}'";
}

/// <summary>A constant that loses slices with the channels of a group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Axis">The axis that becomes shorter.</param>
/// <param name="Size">Size of the axis.</param>
/// <param name="Part">Which indices belong to which channel, in words.</param>
public sealed record ExplainedTensor(string Name, int Axis, long Size, string Part)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Name}': {Part}";
}
