namespace EdgePrune.Host;

/// <summary>What is assumed of an activation without having seen one: mean and covariance of its channels.</summary>
/// <param name="Mean">Mean of each channel.</param>
/// <param name="Covariance">Covariance of the channels at one position.</param>
/// <param name="Grid">Sizes of the space that was flattened into the channel axis, each channel's positions together; none when it was not.</param>
internal sealed record ChannelMoments(double[] Mean, double[][] Covariance, long[] Grid)
{
    /// <summary>Correlation of neighbouring positions; it falls off with the distance.</summary>
    private const double Neighbours = 0.5;

    /// <summary>Channels of normalised data: mean 0, variance 1, unrelated.</summary>
    public static ChannelMoments Standard(int channels) =>
        new(new double[channels], [.. Enumerable.Range(0, channels).Select(i => Enumerable.Range(0, channels).Select(j => i == j ? 1.0 : 0).ToArray())], []);

    /// <summary>Correlations of all pairs of places on a grid.</summary>
    public static double[][] Correlations(ReadOnlySpan<long> grid)
    {
        var places = Places(grid.ToArray());
        return Array.ConvertAll(places, a => Array.ConvertAll(places, b => Math.Pow(Neighbours, Distance(a, b))));
    }

    /// <summary>The same of two activations that are added, taken as unrelated.</summary>
    public static ChannelMoments Sum(ChannelMoments a, ChannelMoments b) => new(
        [.. a.Mean.Zip(b.Mean, (x, y) => x + y)],
        [.. a.Covariance.Zip(b.Covariance, (x, y) => x.Zip(y, (s, t) => s + t).ToArray())],
        a.Grid);

    /// <summary>The mean over a window: channels keep their means and vary less.</summary>
    public ChannelMoments Averaged(ReadOnlySpan<long> window)
    {
        // Beyond a few places there is no correlation left that a larger window would lower.
        var correlations = Correlations([.. window.ToArray().Select(w => Math.Min(w, 8))]);
        var share = correlations.Average(row => row.Average());
        return this with { Covariance = Array.ConvertAll(Covariance, row => Array.ConvertAll(row, v => v * share)) };
    }

    /// <summary>The largest of a window: about one deviation above the mean for four places.</summary>
    public ChannelMoments Largest(ReadOnlySpan<long> window)
    {
        var places = window.ToArray().Aggregate(1L, (a, b) => a * b);
        var above = Math.Sqrt(2 * Math.Log(places) * (1 - Neighbours)) * 0.62;
        return this with { Mean = [.. Mean.Select((mean, c) => mean + (above * Math.Sqrt(Math.Max(0, Covariance[c][c]))))] };
    }

    private static long[][] Places(long[] grid)
    {
        IEnumerable<long[]> places = [[]];
        foreach (var size in grid)
        {
            places = places.SelectMany(p => Enumerable.Range(0, (int)size).Select(i => (long[])[.. p, i])).ToList();
        }

        return [.. places];
    }

    private static double Distance(long[] a, long[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)((x - y) * (x - y))).Sum());
}
