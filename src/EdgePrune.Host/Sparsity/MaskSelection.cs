namespace EdgePrune.Host;

/// <summary>Chooses the weights of one layer that become zero: those with the lowest scores. Every row keeps its best.</summary>
internal static class MaskSelection
{
    /// <summary>Number of zeros for a rate: rounded, and so that every row keeps one weight.</summary>
    public static int Zeros(SparsityLayer layer, double rate) => (int)Math.Min(Math.Round(rate * layer.Count, MidpointRounding.AwayFromZero), layer.Count - layer.Rows);

    /// <summary>The lowest scores of the whole layer.</summary>
    public static bool[] OfLayer(SparsityLayer layer, float[] scores, int zeros)
    {
        var removed = new bool[scores.Length];
        var kept = BestOfRows(layer, scores);
        var places = Enumerable.Range(0, scores.Length).Where(i => !kept[i]).ToArray();
        Array.Sort(Array.ConvertAll(places, i => scores[i]), places);
        foreach (var place in places.AsSpan(0, zeros))
        {
            removed[place] = true;
        }

        return removed;
    }

    /// <summary>The lowest scores of each row, as equally many as the number allows.</summary>
    public static bool[] OfRows(SparsityLayer layer, float[] scores, int zeros)
    {
        var removed = new bool[scores.Length];
        var places = new int[layer.Columns];
        for (var row = 0; row < layer.Rows; row++)
        {
            var count = (int)(((long)zeros * (row + 1) / layer.Rows) - ((long)zeros * row / layer.Rows));
            RemoveLowest(scores.AsSpan(row * layer.Columns, layer.Columns), removed.AsSpan(row * layer.Columns, layer.Columns), count, places);
        }

        return removed;
    }

    /// <summary>The lowest scores of every group of a pattern N:M.</summary>
    public static bool[] OfGroups(SparsityLayer layer, float[] scores, SparsityPattern pattern)
    {
        var removed = new bool[scores.Length];
        var places = new int[pattern.Group];
        for (var row = 0; row < layer.Rows; row++)
        {
            foreach (var (first, length) in Groups(layer, pattern))
            {
                var at = (row * layer.Columns) + first;
                RemoveLowest(scores.AsSpan(at, length), removed.AsSpan(at, length), Math.Max(0, length - pattern.Kept), places);
            }
        }

        return removed;
    }

    /// <summary>The groups of one row: neighbours along the input channels of one tap.</summary>
    public static IEnumerable<(int First, int Length)> Groups(SparsityLayer layer, SparsityPattern pattern)
    {
        for (var tap = 0; tap < layer.Columns; tap += layer.Channels)
        {
            for (var channel = 0; channel < layer.Channels; channel += pattern.Group)
            {
                yield return (tap + channel, Math.Min(pattern.Group, layer.Channels - channel));
            }
        }
    }

    /// <summary>Which weights have the best score of their row.</summary>
    public static bool[] BestOfRows(SparsityLayer layer, float[] scores)
    {
        var best = new bool[scores.Length];
        for (var row = 0; row < layer.Rows; row++)
        {
            var at = row * layer.Columns;
            for (var column = 1; column < layer.Columns; column++)
            {
                var candidate = (row * layer.Columns) + column;
                at = scores[candidate] > scores[at] ? candidate : at;
            }

            best[at] = true;
        }

        return best;
    }

    /// <summary>Marks the lowest scores.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="removed">Where to mark them.</param>
    /// <param name="count">How many.</param>
    /// <param name="places">Room to work in, at least as long as the scores.</param>
    public static void RemoveLowest(ReadOnlySpan<float> scores, Span<bool> removed, int count, int[] places)
    {
        var keys = scores.ToArray();
        var order = places.AsSpan(0, keys.Length);
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        keys.AsSpan().Sort(order);
        foreach (var place in order[..count])
        {
            removed[place] = true;
        }
    }
}
