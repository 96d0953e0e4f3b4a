using System.Globalization;

namespace EdgePrune.Profiler;

/// <summary>
/// The Raspberry Pi's answer to <c>get_throttled</c>: bits 0 to 3 hold now, bits 16 to 19 the same since the last start.
/// </summary>
internal static class ThrottledFlags
{
    private static readonly string[] Names = ["under-voltage", "frequency capped", "throttled", "soft temperature limit"];

    /// <summary>Bits from text such as <c>throttled=0x50000</c>, or null.</summary>
    public static uint? Parse(string? text)
    {
        const string Prefix = "throttled=0x";
        return text is not null
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && uint.TryParse(text.AsSpan(Prefix.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? bits
            : null;
    }

    /// <summary>
    /// Flags set at either end of a run or since its beginning. The sticky bits clear only at a restart, so those that were
    /// set before the run do not count.
    /// </summary>
    public static IReadOnlyList<string>? During(uint? before, uint? after)
    {
        if (before is not { } first || after is not { } last)
        {
            return null;
        }

        var occurred = (last >> 16) & ~(first >> 16);
        var bits = (first | last | occurred) & 0xF;
        return [.. Names.Where((_, bit) => (bits & (1u << bit)) != 0)];
    }
}
