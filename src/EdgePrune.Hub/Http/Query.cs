using System.Globalization;
using EdgePrune.Contracts;
using Microsoft.AspNetCore.Http;

namespace EdgePrune.Hub;

/// <summary>The parameters in addresses.</summary>
internal static class Query
{
    // Above any number a hub hands out, and far from overflow.
    private const long MaxNumber = 1L << 53;

    /// <summary><c>after</c>: what the asker has. 0 when it is left out.</summary>
    public static long After(HttpContext context) => Number(context, "after", 0, MaxNumber) ?? 0;

    /// <summary><c>before</c>: where the page before ended. Null when it is left out.</summary>
    public static long? Before(HttpContext context) => Number(context, "before", 0, MaxNumber);

    /// <summary><c>count</c>: entries of a page. The most when it is left out.</summary>
    public static int Count(HttpContext context, int most) => (int)(Number(context, "count", 1, most) ?? most);

    /// <summary>A SHA-256. Null when it is left out.</summary>
    public static string? Digest(HttpContext context, string name) => context.Request.Query[name].ToString() switch
    {
        "" => null,
        var text when ManifestRules.IsDigest(text) => text,
        var text => throw Refuse.BadRequest($"'{name}' is '{Shown(text)}'; it must be a SHA-256 of 64 lower-case hexadecimal digits."),
    };

    /// <summary><c>id</c>: the first digits of a measurement's id. Null when it is left out.</summary>
    public static string? IdStart(HttpContext context) => context.Request.Query["id"].ToString() switch
    {
        "" => null,
        { Length: <= RunSummary.IdLength } text when text.All(char.IsAsciiHexDigitLower) => text,
        var text => throw Refuse.BadRequest($"'id' is '{Shown(text)}'; it must have 1 to {RunSummary.IdLength} lower-case hexadecimal digits."),
    };

    /// <summary><c>wait</c>: seconds, cut to <see cref="ProtocolLimits.MaxWait"/>. 0 when it is left out.</summary>
    public static TimeSpan Wait(HttpContext context)
    {
        var text = context.Request.Query["wait"].ToString();
        if (text.Length == 0)
        {
            return TimeSpan.Zero;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, ProtocolLimits.MaxWait.TotalSeconds))
            : throw Refuse.BadRequest($"'wait' is '{Shown(text)}'; it must be a number of seconds, 0 or more.");
    }

    private static long? Number(HttpContext context, string name, long least, long most)
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Refuse.BadRequest($"'{name}' is '{Shown(text)}'; it must be a whole number from {least} to {most}.");
    }

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
