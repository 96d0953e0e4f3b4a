using System.Globalization;

namespace EdgePrune.Profiler;

/// <summary>
/// The power management chip of the Raspberry Pi 5 and its relatives: the sum of voltage times current over the rails that
/// have both. What hangs on the 5 V rail is invisible to it, so the figure is an estimate.
/// </summary>
internal sealed class PmicPowerSensor(IFirmware firmware) : IPowerSensor
{
    private const string Command = "pmic_read_adc";

    public string Source => "pmic";

    public bool Estimated => true;

    public TimeSpan Period => TimeSpan.FromMilliseconds(100);

    public static PmicPowerSensor? Find(IFirmware firmware) =>
        Parse(firmware.Ask(Command)) is null ? null : new PmicPowerSensor(firmware);

    /// <summary>Watts from lines such as <c>VDD_CORE_A current(7)=1.2A</c> and <c>VDD_CORE_V volt(15)=0.8V</c>, or null without a pair.</summary>
    public static double? Parse(string? text)
    {
        Dictionary<string, double> volts = [], amperes = [];
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line.Split(' ')[0];
            var equals = line.LastIndexOf('=');
            if (equals < 0 || !double.TryParse(line[(equals + 1)..].TrimEnd('A', 'V'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                continue;
            }

            if (name.EndsWith("_A", StringComparison.Ordinal))
            {
                amperes[name[..^2]] = value;
            }
            else if (name.EndsWith("_V", StringComparison.Ordinal))
            {
                volts[name[..^2]] = value;
            }
        }

        var rails = amperes.Keys.Where(volts.ContainsKey).ToArray();
        return rails.Length == 0 ? null : rails.Sum(rail => amperes[rail] * volts[rail]);
    }

    public TimeSpan Lag => TimeSpan.Zero;

    public PowerReading Read() => PowerReading.Of(Parse(firmware.Ask(Command)));

    public void Dispose()
    {
    }
}
