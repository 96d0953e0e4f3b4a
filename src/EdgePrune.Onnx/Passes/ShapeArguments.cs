namespace EdgePrune.Onnx;

/// <summary>
/// Writes the shapes that a model computes for Reshape and Expand as literals, where only the free dimensions are not fixed:
/// a size that is copied becomes 0 (Reshape) or 1 (Expand), one that is left over -1.
/// </summary>
/// <remarks>
/// Worked example: with a free batch, Concat(Gather(Shape(x), 0), [-1]) as the shape of Reshape(x) becomes [0, -1]. Pruning can
/// change a literal; it cannot change what a model computes.
/// </remarks>
public sealed class ShapeArguments : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "shape arguments";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var computed = model.Graph.Nodes.Where(n => n is { OperatorType: "Reshape" or "Expand", Domain: "" } && n.Input(1) is { Constant: null }).ToList();
        if (computed.Count == 0)
        {
            return 0;
        }

        var (sizes, editor) = (StaticSizes.Of(model.Graph), new GraphEditor(model.Graph));
        return computed.Count(node => TryWrite(node, sizes, editor));
    }

    private static bool TryWrite(Node node, StaticSizes sizes, GraphEditor editor)
    {
        var (data, shape) = (node.Input(0)!, node.Input(1)!);
        if (sizes.Integers(shape) is not { } known || node.Int("allowzero", 0) != 0)
        {
            return false;
        }

        var literal = node.OperatorType == "Reshape" ? Reshape(known, i => sizes.IsSizeOf(shape, i, data)) : Expand(known, i => sizes.IsSizeOf(shape, i, data), sizes.SameRank(shape, data));
        if (literal is null)
        {
            return false;
        }

        editor.SetInput(node, 1, editor.AddInitializer(shape.Name + "_literal", Tensor.Vector(literal)));
        return true;
    }

    private static long[]? Reshape(long?[] known, Func<int, bool> copies)
    {
        var literal = new long[known.Length];
        var free = known.Contains(-1) ? 1 : 0;
        for (var i = 0; i < known.Length; i++)
        {
            literal[i] = known[i] ?? (copies(i) ? 0 : -1);
            free += known[i] is null && literal[i] == -1 ? 1 : 0;
        }

        return free <= 1 ? literal : null;
    }

    private static long[]? Expand(long?[] known, Func<int, bool> copies, bool aligned)
    {
        long?[] literal = [.. known.Select((size, i) => size ?? (aligned && copies(i) ? 1 : null))];
        return literal.Contains(null) ? null : [.. literal.Select(l => l!.Value)];
    }
}
