using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Channels that touch the same axes: one layer's, or those of several layers that a residual connection couples. They
/// are ranked against each other, and each is removed whole.
/// </summary>
public sealed class PruningGroup
{
    /// <summary>Name, after the first node that makes the channels; unique in the model.</summary>
    public required string Name { get; init; }

    /// <summary>The channels, in the order of the first axis.</summary>
    public required IReadOnlyList<Channel> Channels { get; init; }

    /// <summary>The axes that every channel of the group touches.</summary>
    public required IReadOnlyList<AxisRef> Axes { get; init; }

    /// <summary>Contractions whose weights make the channels.</summary>
    public required IReadOnlyList<Contraction> Producers { get; init; }

    /// <summary>Contractions that sum over the channels.</summary>
    public required IReadOnlyList<Contraction> Consumers { get; init; }

    /// <summary>Operators with weights that carry the channels through, such as depthwise convolutions.</summary>
    public required IReadOnlyList<ChannelCarry> Carriers { get; init; }

    /// <summary>Nodes that combine the channels without weights: normalizations, means, products of computed tensors.</summary>
    public IReadOnlyList<ChannelReduction> Reductions { get; init; } = [];

    /// <summary>Fewest channels that make sense: a normalization over a single one would give a constant.</summary>
    public int Least => Reductions.Any(r => r is { Fill: ReductionFill.Mean, Blocks: 1, Axes.Count: 1 }) ? Math.Min(2, Channels.Count) : 1;

    /// <summary>Number of blocks that must keep equally many channels; 1 when there is no such rule.</summary>
    public int Blocks { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Channels.Count} channels)";
}

/// <summary>One channel: all the slices that go together.</summary>
/// <param name="Slices">Indices on each axis of the group, in the order of <see cref="PruningGroup.Axes"/>.</param>
/// <param name="Block">Number of the block it belongs to, 0 when there is only one.</param>
public sealed record Channel(IReadOnlyList<IReadOnlyList<int>> Slices, int Block);
