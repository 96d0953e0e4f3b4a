namespace EdgePrune.Onnx;

/// <summary>
/// Writes a channel shuffle of Reshape, Transpose and Reshape as one Gather of the channels in their new order: the shapes in
/// between would tie channels of different groups together, the order alone does not.
/// </summary>
/// <remarks>
/// Worked example: 4 channels to [2, 2], transposed and back, are channels 0, 2, 1, 3: <c>Gather(x, [0, 2, 1, 3], axis=1)</c>.
/// Zhang et al., ShuffleNet, CVPR 2018, describe the operation.
/// </remarks>
public sealed class ShuffleToGather : IGraphPass
{
    // The batch, where it is free: what is the same for both sizes is fixed.
    private static readonly int[] FreeDimensions = [3, 5];
    private const long MostElements = 1 << 22;

    /// <inheritdoc/>
    public string Name => "shuffle to gather";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        if (!model.Graph.Nodes.Any(n => n is { OperatorType: "Transpose", Domain: "" }))
        {
            return 0;
        }

        var (shapes, editor) = (Shapes(model.Graph), new GraphEditor(model.Graph));
        var starts = model.Graph.Nodes.Where(n => n is { OperatorType: "Reshape", Domain: "" }).ToList();
        return shapes.Length == 0 ? 0 : starts.Count(n => n.Output.IsUsed && TryReplace(n, shapes, editor));
    }

    private static ShapeTable[] Shapes(Graph graph)
    {
        try
        {
            return Array.ConvertAll(FreeDimensions, d => ShapeInference.Infer(graph, d));
        }
        catch (Contracts.ModelException)
        {
            return []; // A literal shape fits one choice of the free dimensions only.
        }
    }

    private static bool TryReplace(Node first, ShapeTable[] tables, GraphEditor editor)
    {
        var shapes = tables[0];
        if (first.Input(0) is not { Constant: null } input || shapes.Find(input) is not { } shape || Tensor.Elements(shape) is 0 or > MostElements)
        {
            return false;
        }

        foreach (var last in Chain(first).Where(n => n.OperatorType == "Reshape").Reverse())
        {
            if (last != first && shapes.Find(last.Output) is { } end && end.SequenceEqual(shape) && Shuffle(first, last, shapes) is var (axis, order) && tables[1].Find(input)?[axis] == shape[axis])
            {
                Replace(input, last, axis, order, editor);
                return true;
            }
        }

        return false;
    }

    // The nodes that only regroup and reorder, each the only reader of the one before.
    private static IEnumerable<Node> Chain(Node first)
    {
        for (var node = first; ;)
        {
            yield return node;
            if (node.Output is not { IsGraphOutput: false, Uses: [{ Index: 0 } use] } || use.Node is not { OperatorType: "Reshape" or "Transpose", Domain: "" })
            {
                yield break;
            }

            node = use.Node;
        }
    }

    // Follows the number of every element; a shuffle moves whole slices of one axis.
    private static (int Axis, int[] Order)? Shuffle(Node first, Node last, ShapeTable shapes)
    {
        var shape = shapes[first.Input(0)!];
        var places = Enumerable.Range(0, (int)Tensor.Elements(shape)).ToArray();
        foreach (var node in Chain(first))
        {
            if (node.OperatorType == "Transpose")
            {
                if (shapes.Find(node.Input(0)) is not { } from)
                {
                    return null;
                }

                places = Transposed(places, from, TransposeDefinition.Permutation(node, from.Length));
            }

            if (node == last)
            {
                break;
            }
        }

        foreach (var axis in Enumerable.Range(0, shape.Length).Reverse())
        {
            if (Order(places, shape, axis) is { } order)
            {
                return (axis, order);
            }
        }

        return null;
    }

    private static int[] Transposed(int[] places, long[] from, int[] permutation)
    {
        long[] strides = [.. permutation.Select(axis => Tensor.Elements(from.AsSpan(axis + 1)))];
        long[] to = [.. permutation.Select(axis => from[axis])];
        var moved = new int[places.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            var (rest, source) = ((long)i, 0L);
            for (var axis = to.Length - 1; axis >= 0; axis--)
            {
                (rest, var at) = Math.DivRem(rest, to[axis]);
                source += at * strides[axis];
            }

            moved[i] = places[source];
        }

        return moved;
    }

    // The order of the axis's slices when elements only moved with them, else null.
    private static int[]? Order(int[] places, long[] shape, int axis)
    {
        var (size, inner) = ((int)shape[axis], (int)Tensor.Elements(shape.AsSpan(axis + 1)));
        var order = new int[size];
        for (var i = 0; i < size; i++)
        {
            order[i] = places[i * inner] / inner % size;
        }

        for (var i = 0; i < places.Length; i++)
        {
            var (slice, offset) = Math.DivRem(i, inner);
            var (outer, index) = Math.DivRem(slice, size);
            if (places[i] != (((outer * size) + order[index]) * inner) + offset)
            {
                return null;
            }
        }

        return order;
    }

    private static void Replace(Value input, Node last, int axis, int[] order, GraphEditor editor)
    {
        if (order.Index().All(o => o.Index == o.Item))
        {
            editor.TryBypass(last, input);
            return;
        }

        var indices = editor.AddInitializer(last.Output.Name + "_order", Tensor.Vector(Array.ConvertAll(order, i => (long)i)));
        var gather = editor.AddNode("Gather", [input, indices], last.Output.Name + "_shuffled", before: last);
        editor.SetAttribute(gather, "axis", new AttributeValue.Int(axis));
        editor.TryBypass(last, gather.Output);
    }
}
