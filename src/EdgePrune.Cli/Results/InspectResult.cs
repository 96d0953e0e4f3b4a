using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What a model is made of, for machines.</summary>
internal sealed record InspectResult
{
    /// <summary>Name of the graph.</summary>
    public required string Model { get; init; }
    /// <summary>Version of the standard operator set.</summary>
    public required int Opset { get; init; }
    /// <summary>SHA-256 of the normalised model, which plans are bound to.</summary>
    public required string NormalizedSha256 { get; init; }
    /// <summary>What must be fed.</summary>
    public required IReadOnlyList<TensorDescription> Inputs { get; init; }
    /// <summary>What comes out.</summary>
    public required IReadOnlyList<TensorDescription> Outputs { get; init; }
    /// <summary>Operators by type, the most frequent first.</summary>
    public required IReadOnlyList<OperatorCount> Operators { get; init; }
    /// <summary>Float parameters.</summary>
    public required long Parameters { get; init; }
    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public required long Macs { get; init; }
    /// <summary>Size of the file.</summary>
    public required long FileBytes { get; init; }
    /// <summary>Bytes of all constants.</summary>
    public required long WeightBytes { get; init; }
    /// <summary>Most bytes of activations that live at one time, when each is freed after its last use; a batch of one.</summary>
    public required long PeakActivationBytes { get; init; }
    /// <summary>Peak memory of a process that runs the model, predicted for each processor architecture.</summary>
    public required IReadOnlyList<MemoryPrediction> PredictedMemory { get; init; }
    /// <summary>Channels that can be pruned.</summary>
    public required IReadOnlyList<GroupDescription> Groups { get; init; }
    /// <summary>Channels that cannot, and why.</summary>
    public required IReadOnlyList<PinDescription> Pins { get; init; }
    /// <summary>The same by kind of reason, with what the model's author could do.</summary>
    public required IReadOnlyList<PinExplanation> PinReasons { get; init; }
    /// <summary>Normalizations, means and sums that would run over the kept channels only, a sentence each.</summary>
    public required IReadOnlyList<string> Reductions { get; init; }
}

/// <summary>An input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its declared dimensions; a free one has its name or <c>?</c>.</param>
internal sealed record TensorDescription(string Name, string Type, IReadOnlyList<string> Shape);

/// <summary>How often an operator stands in the graph.</summary>
/// <param name="Type">Type, with the domain when it is not the standard one.</param>
/// <param name="Count">How often.</param>
internal sealed record OperatorCount(string Type, int Count);

/// <summary>A group of channels that can be pruned.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="Producers">Operators that make them.</param>
/// <param name="Consumers">Operators that sum over them.</param>
/// <param name="Explanation">What goes together, why, and what one channel is worth.</param>
internal sealed record GroupDescription(string Name, int Channels, IReadOnlyList<string> Producers, IReadOnlyList<string> Consumers, GroupExplanation Explanation);

/// <summary>Channels that cannot be pruned.</summary>
/// <param name="Node">The operator, empty when the reason is no single one's.</param>
/// <param name="Pinned">Output channels that stay.</param>
/// <param name="Channels">All output channels.</param>
/// <param name="Kind">The reason for programs.</param>
/// <param name="Reason">The reason for people.</param>
internal sealed record PinDescription(string Node, int Pinned, int Channels, string Kind, string Reason);
