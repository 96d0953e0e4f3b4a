using System.Globalization;

namespace EdgePrune.Cli;

/// <summary>Numbers for people, the same in every language.</summary>
internal static class Numbers
{
    /// <summary>A count with separators, such as <c>201,849</c>.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share in percent, such as <c>47.9 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    /// <summary>A score in points, such as <c>99.14</c>.</summary>
    public static string Points(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A rate, such as <c>0.45</c>.</summary>
    public static string Rate(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A loss of training, such as <c>0.0312</c>.</summary>
    public static string Loss(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A small relative number, such as <c>3.1e-07</c>.</summary>
    public static string Tiny(double value) => value.ToString("0.##e+00", CultureInfo.InvariantCulture);
}
