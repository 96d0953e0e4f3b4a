using System.Globalization;

namespace EdgePrune.Contracts;

/// <summary>An amount of energy. Prints as <c>1.2 mJ</c>; reads <c>0.5 J</c>, <c>30 mJ</c>, <c>800 uJ</c>.</summary>
/// <param name="Joules">The amount in joules.</param>
public readonly record struct Energy(double Joules) : IComparable<Energy>
{
    /// <summary>Reads an energy such as <c>0.5 J</c>, <c>30 mJ</c> or <c>800 uJ</c>.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="energy">The energy that was read.</param>
    /// <returns>Whether the text is an energy.</returns>
    public static bool TryParse(string? text, out Energy energy)
    {
        energy = default;
        var trimmed = text?.Trim() ?? "";
        var (suffix, factor) = trimmed switch
        {
            _ when trimmed.EndsWith("uJ", StringComparison.Ordinal) => ("uJ", 1e-6),
            _ when trimmed.EndsWith("mJ", StringComparison.Ordinal) => ("mJ", 1e-3),
            _ when trimmed.EndsWith('J') => ("J", 1.0),
            _ => ("", 1.0),
        };
        var isNumber = UnitNumber.TryParse(trimmed[..^suffix.Length].Trim(), out var value);
        if (!isNumber || suffix.Length == 0)
        {
            return false;
        }

        energy = new Energy(value * factor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Energy other) => Joules.CompareTo(other.Joules);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Energy left, Energy right) => left.Joules < right.Joules;
    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Energy left, Energy right) => left.Joules > right.Joules;
    /// <summary>Whether the left amount is not larger.</summary>
    public static bool operator <=(Energy left, Energy right) => left.Joules <= right.Joules;
    /// <summary>Whether the left amount is not smaller.</summary>
    public static bool operator >=(Energy left, Energy right) => left.Joules >= right.Joules;

    /// <summary>The amount with the unit that keeps the number between 1 and 1000.</summary>
    public override string ToString() => Math.Abs(Joules) switch
    {
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{Joules:0.###} J"),
        >= 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{Joules * 1e3:0.###} mJ"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Joules * 1e6:0.###} uJ"),
    };
}
