using System.Buffers.Binary;
using System.Device.I2c;

namespace EdgePrune.Profiler;

/// <summary>
/// An INA219 on the I2C bus. Power is shunt voltage times bus voltage over the shunt's resistance, so the chip's
/// calibration register, which a brown-out clears, does not matter.
/// </summary>
/// <remarks>Do not use it for a chip that a kernel driver owns: the two would fight over its registers.</remarks>
public sealed class Ina219PowerSensor : IPowerSensor
{
    private readonly I2cDevice _device;
    private readonly double _shuntOhms;

    /// <summary>Sets the chip up for continuous, averaged conversions.</summary>
    /// <param name="device">The chip's place on the bus; disposed of with the sensor.</param>
    /// <param name="shuntOhms">Resistance of the shunt. Range: above 0. Common boards: 0.1.</param>
    /// <exception cref="IOException">The chip does not answer.</exception>
    public Ina219PowerSensor(I2cDevice device, double shuntOhms)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shuntOhms);
        _device = device;
        _shuntOhms = shuntOhms;
        Write(Ina219Registers.Configuration, Ina219Registers.Averaging);
    }

    /// <inheritdoc/>
    public string Source => "i2c:ina219";

    /// <inheritdoc/>
    public bool Estimated => false;

    /// <inheritdoc/>
    public TimeSpan Period => TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    /// <exception cref="IOException">The bus failed.</exception>
    public double? ReadWatts()
    {
        if (Read(Ina219Registers.Configuration) != Ina219Registers.Averaging)
        {
            // The chip was reset, by a dip of its supply for example: set it up again and wait for a conversion.
            Write(Ina219Registers.Configuration, Ina219Registers.Averaging);
            return null;
        }

        var bus = Read(Ina219Registers.BusVoltage);
        var shunt = Read(Ina219Registers.ShuntVoltage);
        return Ina219Registers.IsReady(bus) && !Ina219Registers.IsSaturated(shunt)
            ? Ina219Registers.BusVolts(bus) * Ina219Registers.Amperes(shunt, _shuntOhms)
            : null;
    }

    /// <summary>Releases the bus.</summary>
    public void Dispose() => _device.Dispose();

    private ushort Read(byte register)
    {
        Span<byte> value = stackalloc byte[2];
        _device.WriteRead([register], value);
        return BinaryPrimitives.ReadUInt16BigEndian(value);
    }

    private void Write(byte register, ushort value)
    {
        Span<byte> message = stackalloc byte[3];
        message[0] = register;
        BinaryPrimitives.WriteUInt16BigEndian(message[1..], value);
        _device.Write(message);
    }
}
