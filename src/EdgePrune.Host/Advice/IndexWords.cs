using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Says in words which indices of an axis belong to which channel of a group: the counterpart for people of
/// <see cref="IndexMap"/>'s offset, block and lookup.
/// </summary>
/// <remarks>
/// Worked examples with 4 channels: {0},{1},{2},{3} is "rows 0..3, one for each channel"; {0,1,2},{3,4,5},... is "one block of
/// 3 rows for each channel (0..11)"; {0,4},{1,5},... is "2 rows for each channel, 4 apart (0..7)"; {2},{0},{3},{1} is "one row for each
/// channel, in the order 2, 0, 3, 1".
/// </remarks>
internal static class IndexWords
{
    private const int Shown = 6;

    /// <summary>Describes an axis of a constant or of an activation.</summary>
    /// <param name="slices">For each channel the indices it owns.</param>
    /// <param name="unit">What one index is called, and several.</param>
    /// <returns>A phrase without a full stop.</returns>
    public static string Describe(IReadOnlyList<IReadOnlyList<int>> slices, (string One, string Many) unit)
    {
        var size = slices[0].Count;
        if (slices.Any(s => s.Count != size))
        {
            return $"{slices.Min(s => s.Count)} to {slices.Max(s => s.Count)} {unit.Many} for each channel ({Span(slices)})";
        }

        int[] firsts = [.. slices.Select(s => s[0])];
        return size == 1 ? Single(firsts, unit) : Several(slices, firsts, unit);
    }

    /// <summary>What an index of a constant's axis is called.</summary>
    /// <param name="rank">Number of axes of the constant.</param>
    /// <param name="axis">The axis.</param>
    public static (string One, string Many) UnitOf(int rank, int axis) => (rank, axis) switch
    {
        (1, _) => ("element", "elements"),
        (_, 0) => ("row", "rows"),
        (_, 1) => ("column", "columns"),
        _ => ($"index of axis {axis}", $"indices of axis {axis}"),
    };

    private static string Single(int[] firsts, (string One, string Many) unit) => Step(firsts) switch
    {
        1 => $"{(firsts.Length == 1 ? $"{unit.One} {firsts[0]}" : $"{unit.Many} {firsts[0]}..{firsts[^1]}")}, one for each channel",
        { } step and > 1 => $"every {Ordinal(step)} {unit.One} of {firsts[0]}..{firsts[^1]}, one for each channel",
        _ => $"one {unit.One} for each channel, in the order {List(firsts)}",
    };

    private static string Several(IReadOnlyList<IReadOnlyList<int>> slices, int[] firsts, (string One, string Many) unit)
    {
        var size = slices[0].Count;
        var run = RunLength(slices[0]);
        var regular = slices.All(s => s.Zip(slices[0]).All(p => p.First - s[0] == p.Second - slices[0][0]));
        var order = Step(firsts) is > 0 ? Span(slices) : $"starting at {List(firsts)}";
        if (!regular)
        {
            return $"{size} {unit.Many} for each channel, such as {List(slices[0])} for the first";
        }

        if (run == size)
        {
            return $"one block of {size} {unit.Many} for each channel ({order})";
        }

        var parts = run == 1 ? $"{size} {unit.Many}" : $"{size / run} blocks of {run} {unit.Many}";
        return IsEven(slices[0], run)
            ? $"{parts} for each channel, {slices[0][run] - slices[0][0]} apart ({order})"
            : $"{size} {unit.Many} for each channel, such as {List(slices[0])} for the first";
    }

    // Neighbours at the start of a channel's indices.
    private static int RunLength(IReadOnlyList<int> indices)
    {
        var length = 1;
        while (length < indices.Count && indices[length] == indices[length - 1] + 1)
        {
            length++;
        }

        return length;
    }

    private static bool IsEven(IReadOnlyList<int> indices, int run)
    {
        var distance = indices[run] - indices[0];
        return indices.Count % run == 0 && indices.Index().All(i => i.Item == indices[0] + (i.Index / run * distance) + (i.Index % run));
    }

    // The distance between neighbours where it is the same for all, else null.
    private static int? Step(int[] firsts)
    {
        if (firsts.Length == 1)
        {
            return 1;
        }

        var step = firsts[1] - firsts[0];
        return step > 0 && firsts.Zip(firsts[1..]).All(p => p.Second - p.First == step) ? step : null;
    }

    private static string Span(IReadOnlyList<IReadOnlyList<int>> slices) => $"{slices.Min(s => s.Min())}..{slices.Max(s => s.Max())}";

    private static string List(IEnumerable<int> numbers)
    {
        var all = numbers.ToList();
        return string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? ", ..." : "");
    }

    private static string Ordinal(int number) => number switch
    {
        2 => "second",
        3 => "third",
        _ => $"{number}th",
    };
}
