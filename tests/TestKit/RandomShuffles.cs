using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>The ways in which models reorder channels.</summary>
internal static class RandomShuffles
{
    /// <summary>Reshape to groups, Transpose, Reshape back.</summary>
    public static Value ByTranspose(GraphBuilder g, Value x, int groups, bool literal)
    {
        var channels = g.Channels(x);
        var space = g.Shape(x)[2..];
        long[] inner = [.. Enumerable.Range(3, space.Length).Select(a => (long)a)];
        var split = g.Reshape(x, [0, groups, channels / groups, .. space]);
        return g.Reshape(g.Transpose(split, [0, 2, 1, .. inner]), [0, literal ? channels : -1, .. space]);
    }

    /// <summary>Split into parts, Concat in another order.</summary>
    public static Value BySplit(GraphBuilder g, Value x)
    {
        var channels = g.Channels(x);
        var first = Math.Max(1, channels / 3);
        var parts = g.Split(x, 1, first, channels - (2 * first), first);
        return g.Concat(1, parts[2], parts[0], parts[1]);
    }

    /// <summary>Gather by a constant permutation.</summary>
    public static Value ByGather(GraphBuilder g, Value x, int stride)
    {
        var channels = g.Channels(x);
        var order = Enumerable.Range(0, channels).OrderBy(i => i * stride % channels).ThenBy(i => i).Select(i => (long)i);
        return g.Gather(x, 1, [.. order]);
    }
}
