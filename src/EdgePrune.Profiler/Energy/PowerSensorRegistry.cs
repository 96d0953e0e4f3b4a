using System.Device.I2c;
using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>The power sources this program knows, in order of trust. A new one is a new line here.</summary>
internal static partial class PowerSensorRegistry
{
    /// <summary>The most trusted source this device has, or null when it has none. A monitor that is named comes before all.</summary>
    /// <exception cref="DeviceException">A monitor was named that cannot be used.</exception>
    public static IPowerSensor? Find(SystemFiles files, IFirmware firmware, TimeProvider clock, string? monitor) =>
        OpenMonitor(files, monitor)
        ?? HwmonPowerSensor.Find(files)
        ?? (IPowerSensor?)PmicPowerSensor.Find(firmware)
        ?? RaplPowerSensor.Find(files, clock);

    /// <summary>Opens a monitor through another library, where the build has one (-p:UseIotDeviceBindings=true).</summary>
    static partial void OpenBinding(string text, ref IPowerSensor? sensor);

    private static IPowerSensor? OpenMonitor(SystemFiles files, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            IPowerSensor? sensor = null;
            OpenBinding(text, ref sensor);
            return sensor ?? OpenChip(files, text);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or PlatformNotSupportedException or DllNotFoundException)
        {
            throw Unusable(text, refused.Message, refused);
        }
    }

    private static PowerMonitor OpenChip(SystemFiles files, string text)
    {
        var location = MonitorLocation.Parse(text)
            ?? throw Unusable(text, $"it is not {MonitorLocation.Form}; known chips: {string.Join(", ", MonitorChips.All.Select(c => c.Name))}");
        var entry = string.Create(CultureInfo.InvariantCulture, $"/sys/bus/i2c/devices/{location.Bus}-{location.Address:x4}/driver");
        if (files.FolderExists(entry))
        {
            throw Unusable(text, "a kernel driver owns the chip. Unset the variable: it is then read through the kernel");
        }

        I2cRegisterBus? bus = null;
        try
        {
            bus = new I2cRegisterBus(I2cDevice.Create(new I2cConnectionSettings(location.Bus, location.Address)));
            return new PowerMonitor(bus, MonitorChips.Find(location.Chip)!, location.ShuntOhms);
        }
        catch
        {
            bus?.Dispose();
            throw;
        }
    }

    private static DeviceException Unusable(string text, string why, Exception? inner = null) => new(
        ErrorCode.MeasurementFailed,
        $"{MonitorLocation.Variable} is '{text}', but that power monitor cannot be used: {why}. Correct the variable or remove it.",
        inner);
}
