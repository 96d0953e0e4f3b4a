using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Where the time goes before and after, by operator type.</summary>
internal static class OperatorPlot
{
    private const int Shown = 8;

    public static string Render(TuningReport report)
    {
        var before = ByType(report.Original.Profile);
        var after = ByType(report.PickedTrial?.Profile);
        if (before.Count + after.Count == 0)
        {
            return "";
        }

        var all = before.Keys.Union(after.Keys).OrderByDescending(t => Math.Max(before.GetValueOrDefault(t), after.GetValueOrDefault(t))).ThenBy(t => t, StringComparer.Ordinal).ToList();
        var bars = all.Take(Shown).SelectMany((type, i) => Pair(type, i > 0, before, after)).ToList();
        var note = $"Mean time of one inference by operator, float and int8 kernels under one name{(all.Count > Shown ? $"; {all.Count - Shown} smaller types are not shown" : "")}.";
        return new SvgBars("time (us)", bars).Render("Where the time goes.", note, ("original", "s3"), ("picked", "s1"));
    }

    private static IEnumerable<Bar> Pair(string type, bool gap, Dictionary<string, double> before, Dictionary<string, double> after)
    {
        if (before.TryGetValue(type, out var was))
        {
            yield return new Bar(type, was, "s3", Text(was), Gap: gap);
        }

        if (after.TryGetValue(type, out var now))
        {
            yield return new Bar(before.ContainsKey(type) ? "" : type, now, "s1", Text(now), Gap: gap && !before.ContainsKey(type));
        }
    }

    private static Dictionary<string, double> ByType(ProfileReport? profile) =>
        profile?.Operators.GroupBy(o => Kind(o.OperatorType)).ToDictionary(g => g.Key, g => g.Sum(o => o.Mean.TotalMicroseconds)) ?? [];

    // ONNX Runtime names kernels after how they were fused and quantized; without that, before and after can be compared.
    private static string Kind(string type)
    {
        if (type is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear")
        {
            return "int8 conversion";
        }

        foreach (var prefix in new[] { "Nhwc", "Fused", "QLinear", "DynamicQuantize" })
        {
            type = type.StartsWith(prefix, StringComparison.Ordinal) && type.Length > prefix.Length ? type[prefix.Length..] : type;
        }

        foreach (var suffix in new[] { "IntegerToFloat", "Integer", "NBits" })
        {
            type = type.EndsWith(suffix, StringComparison.Ordinal) ? type[..^suffix.Length] : type;
        }

        return type is ['Q', >= 'A' and <= 'Z', ..] ? type[1..] : type;
    }

    private static string Text(double microseconds) => Durations.Print(TimeSpan.FromMicroseconds(microseconds));
}
