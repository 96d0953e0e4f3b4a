using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A run of neighbouring nodes that the proof loads and compares at one time.</summary>
/// <param name="Wanted">Names of the values that the segment must give: those compared and those that later segments read.</param>
/// <param name="Compared">The values compared.</param>
/// <param name="Spent">Names of the values that nobody reads behind the segment.</param>
internal sealed record ProofSegment(IReadOnlyList<string> Wanted, IReadOnlyList<Value> Compared, IReadOnlyList<string> Spent);

/// <summary>How much of a graph the proof takes at one time.</summary>
/// <param name="Nodes">Number of nodes: ONNX Runtime takes more than twice the time to load a graph of twice the length.</param>
/// <param name="Elements">Elements of compared values, which are in memory for both models.</param>
internal sealed record SegmentSize(int Nodes = 250, long Elements = 800_000);
