namespace EdgePrune.Profiler;

/// <summary>
/// A power monitor that the kernel owns, read through <c>/sys/class/hwmon</c>. Power is bus voltage times current: finer
/// than the chip's own power register, signed, and right after the chip lost its calibration.
/// </summary>
internal sealed class HwmonPowerSensor : IPowerSensor
{
    private static readonly string[] SingleChannel = ["ina219", "ina220", "ina226", "ina230", "ina231", "ina236", "ina238", "ina228", "ina260"];
    private const string ThreeChannels = "ina3221";

    private readonly IReadOnlyList<(KernelNumber? Volts, KernelNumber? Amperes, KernelNumber? Watts)> _channels;

    private HwmonPowerSensor(SystemFiles files, string folder, string chip, IReadOnlyList<int> channels)
    {
        _channels = [.. channels.Select(c => (
            files.TryOpenNumber($"{folder}/in{c}_input"), files.TryOpenNumber($"{folder}/curr{c}_input"), files.TryOpenNumber($"{folder}/power{c}_input")))];
        Source = $"hwmon:{chip}";
        var milliseconds = files.TryReadNumber($"{folder}/update_interval") ?? 0;
        Period = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 20, 2500));
    }

    public string Source { get; }

    public bool Estimated => false;

    public TimeSpan Period { get; }

    public TimeSpan Lag => Period;

    /// <summary>The first power monitor of the kernel, or null.</summary>
    public static HwmonPowerSensor? Find(SystemFiles files)
    {
        foreach (var folder in files.Folders("/sys/class/hwmon", "hwmon"))
        {
            var chip = files.TryRead($"{folder}/name") ?? "";
            int[] channels = chip == ThreeChannels ? InputChannels(files, folder) : SingleChannel.Contains(chip) ? [1] : [];
            var sensor = new HwmonPowerSensor(files, folder, chip, channels);
            if (channels.Length > 0 && sensor.ReadWatts() is not null)
            {
                return sensor;
            }

            sensor.Dispose();
        }

        return null;
    }

    public PowerReading Read() => PowerReading.Of(ReadWatts());

    public void Dispose()
    {
        foreach (var (volts, amperes, watts) in _channels)
        {
            volts?.Dispose();
            amperes?.Dispose();
            watts?.Dispose();
        }
    }

    private double? ReadWatts()
    {
        var total = 0.0;
        foreach (var channel in _channels)
        {
            if (ReadChannel(channel) is not { } watts)
            {
                return null;
            }

            total += watts;
        }

        return total;
    }

    private static double? ReadChannel((KernelNumber? Volts, KernelNumber? Amperes, KernelNumber? Watts) channel) =>
        channel.Volts?.Read() is { } millivolts && channel.Amperes?.Read() is { } milliamperes
            ? millivolts * 1e-3 * milliamperes * 1e-3
            : channel.Watts?.Read() * 1e-6;

    // A channel named as the board's input carries the rails behind it too; adding them would count them twice.
    private static int[] InputChannels(SystemFiles files, string folder)
    {
        int[] present = [.. Enumerable.Range(1, 3).Where(c => files.TryReadNumber($"{folder}/curr{c}_input") is not null)];
        int[] inputs = [.. present.Where(c => files.TryRead($"{folder}/in{c}_label")?.EndsWith("_IN", StringComparison.OrdinalIgnoreCase) == true)];
        return inputs.Length > 0 ? inputs : present;
    }
}
