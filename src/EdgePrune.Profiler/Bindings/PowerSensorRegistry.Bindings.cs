using System.Device.I2c;

namespace EdgePrune.Profiler;

/// <summary>Sensors through Iot.Device.Bindings: <c>iot-ina236:bus:address:ohms</c>. A new one is a new line here.</summary>
internal static partial class PowerSensorRegistry
{
    private const string Prefix = "iot-";

    static partial void OpenBinding(string text, ref IPowerSensor? sensor)
    {
        if (text.StartsWith(Prefix, StringComparison.Ordinal)
            && MonitorLocation.Parse(text[Prefix.Length..]) is { } location
            && location.Chip == MonitorChips.Ina236.Name
            && location.ShuntOhms is [{ } ohms])
        {
            sensor = new BoundIna236(I2cDevice.Create(new I2cConnectionSettings(location.Bus, location.Address)), ohms);
        }
    }
}
