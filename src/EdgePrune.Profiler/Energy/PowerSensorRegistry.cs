using System.Device.I2c;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>The power sources this program knows, in order of trust. A new one is a new line here.</summary>
internal static class PowerSensorRegistry
{
    /// <summary>The most trusted source this device has, or null when it has none.</summary>
    /// <exception cref="DeviceException">An INA219 was named that cannot be used.</exception>
    public static IPowerSensor? Find(SystemFiles files, IFirmware firmware, TimeProvider clock, string? ina219) =>
        (IPowerSensor?)HwmonPowerSensor.Find(files)
        ?? OpenIna219(ina219)
        ?? (IPowerSensor?)PmicPowerSensor.Find(firmware)
        ?? RaplPowerSensor.Find(files, clock);

    private static Ina219PowerSensor? OpenIna219(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var location = Ina219Location.Parse(text) ?? throw Unusable(text, "it is not 'bus:address:ohms', such as '1:0x40:0.1'", inner: null);
        I2cDevice? device = null;
        try
        {
            device = I2cDevice.Create(new I2cConnectionSettings(location.Bus, location.Address));
            return new Ina219PowerSensor(device, location.ShuntOhms);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or PlatformNotSupportedException or DllNotFoundException)
        {
            device?.Dispose();
            throw Unusable(text, refused.Message, refused);
        }
    }

    private static DeviceException Unusable(string text, string why, Exception? inner) => new(
        ErrorCode.MeasurementFailed,
        $"{Ina219Location.Variable} is '{text}', but that power monitor cannot be used: {why}. Correct the variable or remove it.",
        inner);
}
