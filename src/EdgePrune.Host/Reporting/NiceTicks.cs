namespace EdgePrune.Host;

/// <summary>Round numbers that span a range: steps of 1, 2 or 5 times a power of ten.</summary>
internal static class NiceTicks
{
    public static IReadOnlyList<double> Between(double low, double high, int about = 5)
    {
        if (!(high > low) || !double.IsFinite(high - low))
        {
            (low, high) = (low - 0.5, low + 0.5);
        }

        var step = Step((high - low) / about);
        var first = Math.Floor((low / step) + 1e-9);
        var last = Math.Ceiling((high / step) - 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
    }

    private static double Step(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1.0000001 => power,
            <= 2.0000001 => 2 * power,
            <= 5.0000001 => 5 * power,
            _ => 10 * power,
        };
    }
}
