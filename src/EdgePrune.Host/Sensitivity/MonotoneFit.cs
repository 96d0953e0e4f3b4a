namespace EdgePrune.Host;

/// <summary>Takes the noise out of measured curves that can only rise.</summary>
internal static class MonotoneFit
{
    /// <summary>The nearest values, by squares, that never fall: pool adjacent violators.</summary>
    /// <remarks>Ayer et al., Annals of Mathematical Statistics 26, 1955.</remarks>
    public static double[] Rising(IReadOnlyList<double> values)
    {
        List<(double Sum, int Count)> pools = [];
        foreach (var value in values)
        {
            pools.Add((value, 1));
            while (pools.Count > 1 && Mean(pools[^2]) > Mean(pools[^1]))
            {
                pools[^2] = (pools[^2].Sum + pools[^1].Sum, pools[^2].Count + pools[^1].Count);
                pools.RemoveAt(pools.Count - 1);
            }
        }

        return [.. pools.SelectMany(p => Enumerable.Repeat(Mean(p), p.Count))];
    }

    /// <summary>The same for values that never rise.</summary>
    public static double[] Falling(IReadOnlyList<double> values) => [.. Rising([.. values.Select(v => -v)]).Select(v => -v)];

    /// <summary>The lower convex hull of points by ascending rate: what a step costs then never falls.</summary>
    public static IReadOnlyList<(double Rate, double Loss)> ConvexHull(IReadOnlyList<(double Rate, double Loss)> points)
    {
        List<(double Rate, double Loss)> hull = [];
        foreach (var point in points.DistinctBy(p => p.Rate))
        {
            while (hull.Count > 1 && Turn(hull[^2], hull[^1], point) <= 0)
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(point);
        }

        return hull;
    }

    private static double Mean((double Sum, int Count) pool) => pool.Sum / pool.Count;

    private static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) =>
        ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
