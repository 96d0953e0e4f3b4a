using System.Globalization;

namespace EdgePrune.Profiler;

/// <summary>
/// Which power monitor is where: <c>chip:bus:address:ohms</c>, such as <c>ina226:1:0x40:0.01</c>. Chips with three channels take
/// three shunts, <c>ina3221:1:0x40:0.1,0.1,-</c>, where <c>-</c> is a channel that does not count; chips with the shunt inside take none.
/// </summary>
/// <param name="Chip">Name of the chip.</param>
/// <param name="Bus">Number of the I2C bus. Range: 0 to 255.</param>
/// <param name="Address">Address on the bus. Range: 0x40 to 0x4F.</param>
/// <param name="ShuntOhms">The shunt of each channel.</param>
internal sealed record MonitorLocation(string Chip, int Bus, int Address, IReadOnlyList<double?> ShuntOhms)
{
    public const string Variable = "EDGEPRUNE_POWER_MONITOR";

    /// <summary>The variable of the first release: an INA219 without its name.</summary>
    public const string OldVariable = "EDGEPRUNE_INA219";

    public const string Form = "chip:bus:address:ohms, such as 'ina226:1:0x40:0.01'";

    private const int MaxBus = 255;

    /// <summary>What the environment names, or null when it names nothing.</summary>
    public static string? FromEnvironment(Func<string, string?> read)
    {
        var old = read(OldVariable);
        return read(Variable) is { Length: > 0 } text ? text : string.IsNullOrEmpty(old) ? null : $"{MonitorChips.Ina219.Name}:{old}";
    }

    public static MonitorLocation? Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < 3 or > 4 || MonitorChips.Find(parts[0]) is not { } chip)
        {
            return null;
        }

        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bus) && bus <= MaxBus
            && ParseAddress(parts[2]) is { } address
            && ParseShunts(parts.Length > 3 ? parts[3] : null, chip) is { } shunts
            ? new MonitorLocation(chip.Name, bus, address, shunts)
            : null;
    }

    private static int? ParseAddress(string text) =>
        text is ['0', 'x' or 'X', .. var digits]
        && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
        && number is >= 0x40 and <= 0x4F
            ? number
            : null;

    private static double?[]? ParseShunts(string? text, MonitorChip chip)
    {
        if (chip.ShuntInside)
        {
            return text is null ? [.. chip.Channels.Select(_ => (double?)0)] : null;
        }

        var parts = (text ?? "").Split(',');
        if (parts.Length != chip.Channels.Count)
        {
            return null;
        }

        var shunts = new double?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "-")
            {
                continue;
            }

            if (!double.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ohms) || ohms is not (> 0 and <= 10))
            {
                return null;
            }

            shunts[i] = ohms;
        }

        return shunts.Any(s => s is not null) ? shunts : null;
    }
}
