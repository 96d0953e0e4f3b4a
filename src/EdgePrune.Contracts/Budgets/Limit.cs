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

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        LimitKind.Relative => string.Create(CultureInfo.InvariantCulture, $"{Value * 100:0.###} %"),
        LimitKind.Duration => Durations.Print(TimeSpan.FromSeconds(Value)),
        LimitKind.Size => string.Create(CultureInfo.InvariantCulture, $"{Value:0} B"),
        _ => new Energy(Value).ToString(),
    };

    private static Limit? ParsePercent(string? text) =>
        text?.Trim() is [.. var number, '%']
        && double.TryParse(number.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new Limit(LimitKind.Relative, value / 100)
            : null;
}
