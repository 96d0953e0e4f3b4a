using System.Globalization;

namespace EdgePrune.Contracts;

/// <summary>Reads the number before a unit.</summary>
internal static class UnitNumber
{
    /// <summary>Reads decimal digits with at most one point; the number parser alone would also take NaN, infinity and trailing NUL.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The number, finite and not negative.</param>
    /// <returns>Whether the text is such a number.</returns>
    internal static bool TryParse(string text, out double value)
    {
        value = 0;
        return text.All(c => char.IsAsciiDigit(c) || c == '.')
            && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}
