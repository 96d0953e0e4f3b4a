using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>
/// Which integers made of sizes do not depend on the dimensions that the file leaves free: those that come out the same for
/// several choices of these.
/// </summary>
internal sealed class StaticSizes
{
    // Primes, so that no stride or factor makes sizes agree that are not fixed.
    private static readonly int[] Probes = [257, 1031, 4099];

    private readonly List<ShapeTable> _tables;

    private StaticSizes(List<ShapeTable> tables) => _tables = tables;

    public static StaticSizes Of(Graph graph)
    {
        if (graph.FedInputs.All(v => v.DeclaredShape is null || v.DeclaredShape.All(d => d.Size is not null)))
        {
            return new StaticSizes([ShapeInference.Infer(graph)]);
        }

        try
        {
            return new StaticSizes([.. Probes.Select(p => ShapeInference.Infer(graph, p))]);
        }
        catch (ModelException)
        {
            // A literal shape fits one choice of the free dimensions only: then no size is known to be fixed.
            return new StaticSizes([]);
        }
    }

    /// <summary>The integers that a value holds, null for each that is not fixed; null when even their number is not known.</summary>
    public long?[]? Integers(Value value) => Agree(_tables.ConvertAll(t => t.FindIntegers(value)?.ToInts()));

    /// <summary>The integers that a value holds when all are fixed, else null.</summary>
    public Tensor? FixedIntegers(Value value) =>
        Integers(value) is { } all && Array.TrueForAll(all, d => d is not null) ? _tables[0].FindIntegers(value) : null;

    /// <summary>Whether the i-th integer of one value always is the size of another's axis i.</summary>
    public bool IsSizeOf(Value integers, int i, Value data) =>
        _tables.TrueForAll(t => t.Find(data) is { } shape && i < shape.Length && t.FindIntegers(integers)!.ToInts()[i] == shape[i]);

    /// <summary>Whether a value holds as many integers as another has axes.</summary>
    public bool SameRank(Value integers, Value data) =>
        _tables.TrueForAll(t => t.Find(data) is { } shape && t.FindIntegers(integers)?.Count == shape.Length);

    private static long?[]? Agree(List<long[]?> lists)
    {
        if (lists.Count == 0 || lists.Exists(s => s is null || s.Length != lists[0]!.Length))
        {
            return null;
        }

        return [.. lists[0]!.Select((d, axis) => lists.TrueForAll(s => s![axis] == d) ? d : (long?)null)];
    }
}
