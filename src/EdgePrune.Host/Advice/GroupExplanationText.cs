using System.Globalization;

namespace EdgePrune.Host;

/// <summary>A <see cref="GroupExplanation"/> as lines of text.</summary>
public static class GroupExplanationText
{
    /// <summary>Entries of a list that are shown in short text.</summary>
    public const int ShortList = 6;

    /// <summary>Writes an explanation.</summary>
    /// <param name="group">The explanation.</param>
    /// <param name="isFull">Whether long lists are written in full; otherwise their first <see cref="ShortList"/> entries.</param>
    /// <returns>The lines, without line ends.</returns>
    public static IReadOnlyList<string> Lines(GroupExplanation group, bool isFull)
    {
        ArgumentNullException.ThrowIfNull(group);
        return
        [
            $"{group.Name}: {Count(group.Channels)} channels, each worth {Worth(group.Worth)}",
            .. Row("made by", group.MadeBy, isFull),
            .. Row("read by", group.ReadBy, isFull),
            .. Row("passed by", group.PassedBy, isFull),
            .. Block("go together", group.Tensors.Select(t => t.ToString()), isFull),
            .. Block("why", group.Couplings, isFull),
            .. Block("kept only", group.Reductions, isFull),
            .. Block("rule", group.Rules, isFull),
        ];
    }

    /// <summary>What one channel is worth, in one phrase.</summary>
    /// <param name="worth">The figures.</param>
    /// <returns>Such as <c>9,280 parameters (2.2 %) and 55,296 MACs (1.4 %)</c>.</returns>
    public static string Worth(ChannelWorth worth)
    {
        ArgumentNullException.ThrowIfNull(worth);
        return $"{Count(worth.Parameters)} parameters ({Percent(worth.ParameterShare)}) and {Count(worth.Macs)} MACs ({Percent(worth.MacShare)})";
    }

    private static IEnumerable<string> Row(string title, IReadOnlyList<ExplainedOperator> operators, bool isFull)
    {
        var shown = isFull ? operators.Count : Math.Min(ShortList, operators.Count);
        var rest = operators.Count > shown ? $" and {operators.Count - shown} more" : "";
        return operators.Count == 0 ? [] : [$"  {title,-11}  {string.Join(", ", operators.Take(shown))}{rest}"];
    }

    private static IEnumerable<string> Block(string title, IEnumerable<string> entries, bool isFull)
    {
        var all = entries.ToList();
        var shown = isFull ? all.Count : Math.Min(ShortList, all.Count);
        for (var i = 0; i < shown; i++)
        {
            yield return $"  {(i == 0 ? title : ""),-11}  {all[i]}";
        }

        if (all.Count > shown)
        {
            yield return $"  {"",-11}  and {all.Count - shown} more";
        }
    }

    private static string Count(double value) => value.ToString("#,##0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.001 ? "0.###" : "0.0", CultureInfo.InvariantCulture) + " %";
}
