namespace EdgePrune.Onnx;

/// <summary>
/// Links of operators that only regroup axes. Both shapes are cut into the smallest runs of axes with equal products;
/// a run of one against one is a tie, one against several a product, several against several a regrouping of finer axes,
/// or pinned where the sizes have no common refinement.
/// </summary>
/// <remarks>Worked example: [2, 4, 3] to [2, 12] gives the runs (2 | 2), a tie, and (4, 3 | 12), a product.</remarks>
internal static class ReshapeLinks
{
    public static void Declare(Node node, Value input, ShapeTable shapes, AxisLinks links)
    {
        var (from, to) = (shapes[input], shapes[node.Output]);
        if (from.Contains(0))
        {
            var reason = new PinReason(PinKind.UnknownShape, $"Node {node} regroups a tensor without elements.");
            links.PinAll(input, from.Length, reason);
            links.PinAll(node.Output, to.Length, reason);
            return;
        }

        var (a, b) = (0, 0);
        while (a < from.Length || b < to.Length)
        {
            var (endA, endB) = NextRun(from, to, a, b);
            Declare(node, (input, a, endA, from), (node.Output, b, endB, to), links);
            (a, b) = (endA, endB);
        }
    }

    private static (int EndA, int EndB) NextRun(long[] from, long[] to, int a, int b)
    {
        var (endA, endB) = (Math.Min(a + 1, from.Length), Math.Min(b + 1, to.Length));
        var (productA, productB) = (Tensor.Elements(from.AsSpan(a..endA)), Tensor.Elements(to.AsSpan(b..endB)));
        while (productA != productB)
        {
            if (productA < productB)
            {
                productA *= from[endA++];
            }
            else
            {
                productB *= to[endB++];
            }
        }

        // Axes of size 1 at the end of a shape belong to its last run.
        if (endB == to.Length)
        {
            endA = TakeOnes(from, endA);
        }

        return endA == from.Length ? (endA, TakeOnes(to, endB)) : (endA, endB);
    }

    private static int TakeOnes(long[] shape, int end)
    {
        while (end < shape.Length && shape[end] == 1)
        {
            end++;
        }

        return end;
    }

    private static void Declare(Node node, (Value Value, int Start, int End, long[] Shape) a, (Value Value, int Start, int End, long[] Shape) b, AxisLinks links)
    {
        var (wideA, wideB) = (WideAxes(a.Start, a.End, a.Shape), WideAxes(b.Start, b.End, b.Shape));
        if (wideA.Length == 0)
        {
            return; // Axes of size 1 on both sides.
        }

        if (wideA.Length == 1 && wideB.Length == 1)
        {
            links.Tie(a.Value, wideA[0], b.Value, wideB[0]);
        }
        else if (wideB.Length == 1)
        {
            links.Merge(new AxisProduct(Refs(a.Value, wideA), new AxisRef(b.Value, wideB[0])));
        }
        else if (wideA.Length == 1)
        {
            links.Merge(new AxisProduct(Refs(b.Value, wideB), new AxisRef(a.Value, wideA[0])));
        }
        else if (TryRefine([.. wideA.Select(i => a.Shape[i])], [.. wideB.Select(i => b.Shape[i])], out var sizes, out var counts))
        {
            links.Regroup(new AxisRegroup(Refs(a.Value, wideA), Refs(b.Value, wideB), sizes, counts.A, counts.B));
        }
        else
        {
            PinRun(node, a.Value, wideA, links);
            PinRun(node, b.Value, wideB, links);
        }
    }

    private static AxisRef[] Refs(Value value, int[] axes) => [.. axes.Select(axis => new AxisRef(value, axis))];

    // Cuts both sides at the same places: wherever an axis of either ends, if the sizes divide one another there.
    private static bool TryRefine(long[] a, long[] b, out List<long> sizes, out (int[] A, int[] B) counts)
    {
        (sizes, counts) = ([], (new int[a.Length], new int[b.Length]));
        var (i, j, restA, restB) = (0, 0, 1L, 1L);
        while (restA > 1 || restB > 1 || i < a.Length)
        {
            restA = restA == 1 ? a[i++] : restA;
            restB = restB == 1 ? b[j++] : restB;
            var size = Math.Min(restA, restB);
            if (restA % size != 0 || restB % size != 0)
            {
                return false;
            }

            sizes.Add(size);
            counts.A[i - 1]++;
            counts.B[j - 1]++;
            (restA, restB) = (restA / size, restB / size);
        }

        return true;
    }

    private static int[] WideAxes(int start, int end, long[] shape) => [.. Enumerable.Range(start, end - start).Where(i => shape[i] != 1)];

    private static void PinRun(Node node, Value value, int[] axes, AxisLinks links)
    {
        foreach (var axis in axes)
        {
            links.Pin(value, axis, new PinReason(PinKind.AmbiguousReshape, $"Node {node} regroups axis {axis} of '{value.Name}' together with others."));
        }
    }
}
