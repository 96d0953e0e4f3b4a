namespace EdgePrune.Host;

/// <summary>How many weights of each layer become zero.</summary>
internal static class ZeroBudget
{
    /// <summary>The same rate for every layer.</summary>
    public static int[] Even(IReadOnlyList<SparsityLayer> layers, double rate) => [.. layers.Select(l => MaskSelection.Zeros(l, rate))];

    /// <summary>
    /// Layers compete. A weight's squared score counts in relation to what is left of its layer when all lower ones are gone
    /// (LAMP; Lee et al., 2021): the fewer are left, the more each is worth, so that no layer collapses.
    /// </summary>
    /// <param name="layers">The layers.</param>
    /// <param name="scores">Squared scores of each layer's weights.</param>
    /// <param name="rate">Share of all weights that become zero.</param>
    public static int[] Competing(IReadOnlyList<SparsityLayer> layers, IReadOnlyList<float[]> scores, double rate)
    {
        var relative = scores.Zip(layers).Select(p => Relative(p.First, p.Second.Count - p.Second.Rows)).ToList();
        var keys = relative.SelectMany(r => r).ToArray();
        var owners = relative.SelectMany((r, layer) => Enumerable.Repeat(layer, r.Length)).ToArray();
        Array.Sort(keys, owners);
        var total = (int)Math.Min(Math.Round(rate * layers.Sum(l => (long)l.Count), MidpointRounding.AwayFromZero), keys.Length);
        var zeros = new int[layers.Count];
        foreach (var owner in owners.AsSpan(0, total))
        {
            zeros[owner]++;
        }

        return zeros;
    }

    private static float[] Relative(float[] scores, int candidates)
    {
        var sorted = (float[])scores.Clone();
        Array.Sort(sorted);
        var left = 0.0;
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            left += sorted[i];
            sorted[i] = left > 0 ? (float)(sorted[i] / left) : 0;
        }

        return sorted[..candidates];
    }
}
