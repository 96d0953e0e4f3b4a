using System.Globalization;
using System.Text;

namespace EdgePrune.Host;

/// <summary>Text and figures as they stand in a page.</summary>
internal static class HtmlText
{
    /// <summary>Escapes text for element content and quoted attributes; characters that no page may hold become a box.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                _ when Rune.IsControl(rune) && rune.Value is not ('\n' or '\t') => result.Append('\uFFFD'),
                _ => result.Append(rune.ToString()),
            };
        }

        return result.ToString();
    }

    public static string Number(double value, string format = "0.##") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Count(double value) => value switch
    {
        >= 1e9 => $"{Number(value / 1e9, "0.##")} G",
        >= 1e6 => $"{Number(value / 1e6, "0.##")} M",
        >= 1e4 => $"{Number(value / 1e3, "0.#")} k",
        _ => Number(value, "0"),
    };

    /// <summary>How the second figure compares, such as <c>3.2 times less</c> or <c>8 % more</c>.</summary>
    public static string Change(double before, double after) => (before, after) switch
    {
        (<= 0, _) or (_, <= 0) => "",
        _ when Math.Abs((before / after) - 1) < 0.005 => "the same",
        _ when before >= 1.5 * after => $"{Number(before / after)} times less",
        _ when after >= 1.5 * before => $"{Number(after / before)} times more",
        _ when after < before => $"{Number(100 * (1 - (after / before)), "0")} % less",
        _ => $"{Number(100 * ((after / before) - 1), "0")} % more",
    };
}
