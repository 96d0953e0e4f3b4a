using System.Globalization;
using EdgePrune.Contracts;
using Microsoft.AspNetCore.Http;

namespace EdgePrune.Hub;

/// <summary>The parameters of the long polls.</summary>
internal static class Query
{
    // Above any number a hub hands out, and far from overflow.
    private const long MaxAfter = 1L << 53;

    /// <summary><c>after</c>: what the asker has. 0 when it is left out.</summary>
    public static long After(HttpContext context)
    {
        var text = context.Request.Query["after"].ToString();
        if (text.Length == 0)
        {
            return 0;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) && after <= MaxAfter
            ? after
            : throw Refuse.BadRequest($"'after' is '{Shown(text)}'; it must be a whole number from 0 to {MaxAfter}.");
    }

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

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
