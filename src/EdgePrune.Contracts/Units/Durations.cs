using System.Globalization;

namespace EdgePrune.Contracts;

/// <summary>Reads and prints durations with their unit: <c>85 us</c>, <c>1.5 ms</c>, <c>2 s</c>.</summary>
public static class Durations
{
    /// <summary>Reads a duration such as <c>85 us</c>, <c>1.5ms</c> or <c>2 s</c>; the unit is required.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="duration">The duration that was read.</param>
    /// <returns>Whether the text is a duration.</returns>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var trimmed = text?.Trim() ?? "";
        var (suffix, seconds) = trimmed switch
        {
            _ when trimmed.EndsWith("us", StringComparison.Ordinal) => ("us", 1e-6),
            _ when trimmed.EndsWith("ms", StringComparison.Ordinal) => ("ms", 1e-3),
            _ when trimmed.EndsWith('s') => ("s", 1.0),
            _ => ("", 1.0),
        };
        var isNumber = UnitNumber.TryParse(trimmed[..^suffix.Length].Trim(), out var value);
        if (!isNumber || suffix.Length == 0 || value * seconds > 1e9)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)Math.Round(value * seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>Prints a duration with the unit that keeps the number between 1 and 1000.</summary>
    /// <param name="duration">The duration to print.</param>
    /// <returns>Such as <c>85.2 us</c>.</returns>
    public static string Print(TimeSpan duration) => Math.Abs(duration.TotalMicroseconds) switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:0.#} us"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.##} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.##} s"),
    };
}
