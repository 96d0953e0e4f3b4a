using System.Globalization;

namespace EdgePrune.Profiler;

/// <summary>Where an INA219 is: <c>bus:address:ohms</c>, such as <c>1:0x40:0.1</c>.</summary>
internal sealed record Ina219Location(int Bus, int Address, double ShuntOhms)
{
    public const string Variable = "EDGEPRUNE_INA219";

    public static Ina219Location? Parse(string? text) =>
        text?.Split(':') is [var bus, ['0', 'x' or 'X', .. var address], var ohms]
        && int.TryParse(bus, NumberStyles.None, CultureInfo.InvariantCulture, out var busNumber)
        && int.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
        && number is >= 0x40 and <= 0x4F
        && double.TryParse(ohms, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var shunt)
        && shunt is > 0 and <= 10
            ? new Ina219Location(busNumber, number, shunt)
            : null;
}
