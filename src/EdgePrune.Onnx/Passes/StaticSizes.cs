using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>
/// Which sizes do not depend on the dimensions that the file leaves free: those that come out the same for several choices
/// of these.
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

    /// <summary>The sizes of a value, null for each that is not fixed; null when even their number is not known.</summary>
    public long?[]? Find(Value value)
    {
        var shapes = _tables.Select(t => t.Find(value)).ToList();
        if (shapes.Count == 0 || shapes.Exists(s => s is null || s.Length != shapes[0]!.Length))
        {
            return null;
        }

        return [.. shapes[0]!.Select((d, axis) => shapes.TrueForAll(s => s![axis] == d) ? d : (long?)null)];
    }
}
