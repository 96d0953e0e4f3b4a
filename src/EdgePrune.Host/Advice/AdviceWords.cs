using System.Globalization;

namespace EdgePrune.Host;

/// <summary>Numbers and terms of advice, the same in every language.</summary>
internal static class AdviceWords
{
    /// <summary>A share in percent.</summary>
    public static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.01 ? "0.##" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A rate.</summary>
    public static string Rate(double rate) => rate.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A count with separators.</summary>
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What a need looks at.</summary>
    /// <param name="need">The need.</param>
    /// <param name="isKnown">Whether the target's figures allow times.</param>
    public static string Figure(AdviceNeed need, bool isKnown) => need switch
    {
        AdviceNeed.Memory => "weights and activations",
        AdviceNeed.Transfer => "compressed file",
        AdviceNeed.Energy when isKnown => "least time, which energy follows,",
        _ => isKnown ? "least time" : "operations",
    };

    /// <summary>A need as the end of a sentence.</summary>
    public static string Goal(AdviceNeed need) => need switch
    {
        AdviceNeed.Memory => "less memory",
        AdviceNeed.Transfer => "a smaller transfer",
        AdviceNeed.Energy => "less energy",
        _ => "less latency",
    };
}
