using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A run of neighbouring nodes that the proof loads and compares at one time.</summary>
/// <param name="Compared">The values compared.</param>
/// <param name="HandedOn">Names of the values that later segments read.</param>
/// <param name="Spent">Names of the values that nobody reads behind the segment.</param>
internal sealed record ProofSegment(IReadOnlyList<Value> Compared, IReadOnlyList<string> HandedOn, IReadOnlyList<string> Spent)
{
    /// <summary>Names of all values that the segment must give.</summary>
    public IReadOnlyList<string> Wanted { get; } = [.. Compared.Select(v => v.Name).Union(HandedOn, StringComparer.Ordinal)];
}

/// <summary>How much of a graph the proof takes at one time.</summary>
/// <param name="Nodes">Number of nodes: ONNX Runtime takes more than twice the time to load a graph of twice the length.</param>
/// <param name="Elements">Elements of compared values, which are in memory for both models.</param>
/// <param name="PerInput">
/// Elements of compared values of the whole graph above which an inner value is compared on one of the inputs only, each on its own; what is
/// not compared takes neither memory nor time.
/// </param>
internal sealed record SegmentSize(int Nodes = 250, long Elements = 800_000, long PerInput = 4_000_000);
