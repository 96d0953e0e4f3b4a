using System.Globalization;

namespace EdgePrune.Contracts;

/// <summary>What kind of quantity a <see cref="Limit"/> bounds.</summary>
public enum LimitKind
{
    /// <summary>A share of the original model's own figure, 1 = the same.</summary>
    Relative,
    /// <summary>A duration, held in seconds.</summary>
    Duration,
    /// <summary>A size, held in bytes.</summary>
    Size,
    /// <summary>An energy, held in joules.</summary>
    Energy,
}

/// <summary>
/// An upper bound, absolute (<c>50 ms</c>, <c>64 MiB</c>, <c>0.5 J</c>) or relative to the original model (<c>60 %</c>).
/// </summary>
/// <param name="Kind">What the value measures.</param>
/// <param name="Value">A share, seconds, bytes or joules, after <paramref name="Kind"/>.</param>
public sealed record Limit(LimitKind Kind, double Value)
{
    /// <summary>Reads <c>60 %</c>, <c>50 ms</c>, <c>64 MiB</c> or <c>0.5 J</c>.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="limit">The limit that was read, or null.</param>
    /// <returns>Whether the text is a limit.</returns>
    public static bool TryParse(string? text, out Limit? limit)
    {
        limit = ParsePercent(text);
        if (limit is null && Durations.TryParse(text, out var duration))
        {
            limit = new Limit(LimitKind.Duration, duration.TotalSeconds);
        }
        else if (limit is null && Energy.TryParse(text, out var energy))
        {
            limit = new Limit(LimitKind.Energy, energy.Joules);
        }
        else if (limit is null && ByteSize.TryParse(text, out var size))
        {
            limit = new Limit(LimitKind.Size, size.Bytes);
        }

        return limit is not null;
    }

    /// <summary>The bound in seconds, bytes or joules, given the original model's own figure in the same unit.</summary>
    /// <param name="original">The original model's figure; used only when the limit is relative.</param>
    /// <returns>The absolute bound.</returns>
    public double Resolve(double original) => Kind == LimitKind.Relative ? Value * original : Value;

    /// <summary>The limit as <see cref="TryParse"/> reads it, exact: no digit that counts is rounded away.</summary>
    /// <returns>Such as <c>60 %</c>, <c>50 ms</c>, <c>64 MiB</c> or <c>0.5 J</c>.</returns>
    public override string ToString() => Kind switch
    {
        LimitKind.Relative => Print(100, "%"),
        LimitKind.Duration when Value < 1e-3 => Print(1e6, "us"),
        LimitKind.Duration when Value < 1 => Print(1e3, "ms"),
        LimitKind.Duration => Print(1, "s"),
        LimitKind.Size when Value >= 1 << 20 && Value % (1 << 20) == 0 => Print(1.0 / (1 << 20), "MiB"),
        LimitKind.Size when Value >= 1 << 10 && Value % (1 << 10) == 0 => Print(1.0 / (1 << 10), "KiB"),
        LimitKind.Size => Print(1, "B"),
        _ when Value < 1e-3 => Print(1e6, "uJ"),
        _ when Value < 1 => Print(1e3, "mJ"),
        _ => Print(1, "J"),
    };

    private string Print(double factor, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Value * factor:0.############} {unit}");

    private static Limit? ParsePercent(string? text) =>
        text?.Trim() is [.. var number, '%']
        && UnitNumber.TryParse(number.Trim(), out var value)
            ? new Limit(LimitKind.Relative, value / 100)
            : null;
}
