using Iot.Device.Adc;
using System.Device.I2c;
using UnitsNet;

namespace EdgePrune.Profiler;

/// <summary>An INA236 through the binding of Iot.Device.Bindings. It checks less than our own driver: no reset, no frozen chip.</summary>
internal sealed class BoundIna236 : IPowerSensor
{
    // 16 values of 1.1 ms for each of both voltages.
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(16 * 2 * 1.1);

    private readonly Ina236 _chip;

    /// <summary>Sets the chip up.</summary>
    /// <param name="device">Its place on the bus; disposed of with the sensor.</param>
    /// <param name="shuntOhms">The shunt.</param>
    /// <exception cref="IOException">The chip does not answer.</exception>
    public BoundIna236(I2cDevice device, double shuntOhms)
    {
        const double FullScaleVolts = 0.08192;
        _chip = new Ina236(device, ElectricResistance.FromOhms(shuntOhms), ElectricCurrent.FromAmperes(FullScaleVolts / shuntOhms))
        {
            AverageOverNoSamples = 16,
            BusConversionTime = 1100,
            ShuntConversionTime = 1100,
        };
    }

    public string Source => "iot:ina236";

    public bool Estimated => false;

    public TimeSpan Period => Conversion;

    public TimeSpan Lag => Conversion;

    // Voltage times current, and not the chip's power register: that one has no sign.
    public PowerReading Read() => PowerReading.Of(_chip.ReadBusVoltage().Volts * _chip.ReadCurrent().Amperes);

    public void Dispose() => _chip.Dispose();
}
