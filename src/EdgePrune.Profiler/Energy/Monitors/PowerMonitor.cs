using System.Buffers.Binary;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// A power monitor on the I2C bus. Each reading checks that the chip still has its settings and that a conversion has finished
/// since the last one, so that a chip that was reset, hangs or repeats itself gives a named fault and no watts.
/// </summary>
/// <remarks>Do not use it for a chip that a kernel driver owns: the two would fight over its registers.</remarks>
internal sealed class PowerMonitor : IPowerSensor
{
    private const int StaleReadings = 5;
    private const int SuspiciousRepeats = 25;
    private const int Probes = 3;
    private const byte ConfigurationRegister = 0;

    private readonly IRegisterBus _bus;
    private readonly MonitorChip _chip;
    private readonly IReadOnlyList<double?> _shuntOhms;
    private readonly ushort[] _raw;
    private int _notReady;
    private int _repeats;

    /// <summary>Checks which chip it is and sets it up for continuous, averaged conversions.</summary>
    /// <param name="bus">The chip's registers; disposed of with the sensor.</param>
    /// <param name="chip">Which chip it should be.</param>
    /// <param name="shuntOhms">The shunt of each channel; null for a channel that is not wired or not to be counted.</param>
    /// <exception cref="IOException">The chip does not answer.</exception>
    /// <exception cref="DeviceException">It is another chip.</exception>
    public PowerMonitor(IRegisterBus bus, MonitorChip chip, IReadOnlyList<double?> shuntOhms)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shuntOhms.Count, chip.Channels.Count);
        _bus = bus;
        _chip = chip;
        _shuntOhms = shuntOhms;
        _raw = new ushort[2 * chip.Channels.Count];
        RequireIdentity();
        _bus.Write(ConfigurationRegister, chip.Configuration);
    }

    public string Source => $"i2c:{_chip.Name}";

    public bool Estimated => false;

    public TimeSpan Period => _chip.Conversion;

    public TimeSpan Lag => _chip.Conversion;

    public PowerReading Read()
    {
        try
        {
            return CheckSettings() is { } fault ? PowerReading.Failed(fault) : ReadResult();
        }
        catch (EndOfStreamException)
        {
            return PowerReading.Failed(PowerFault.ShortRead);
        }
        catch (IOException)
        {
            return PowerReading.Failed(PowerFault.NoAnswer);
        }
    }

    public void Dispose() => _bus.Dispose();

    private PowerFault? CheckSettings()
    {
        var configuration = Register(ConfigurationRegister);
        if (configuration == _chip.Configuration)
        {
            return null;
        }

        _bus.Write(ConfigurationRegister, _chip.Configuration);
        return configuration == _chip.PowerOn ? PowerFault.Reset : PowerFault.Disturbed;
    }

    private PowerReading ReadResult()
    {
        if ((Register(_chip.ReadyRegister) & _chip.ReadyMask) == 0)
        {
            return PowerReading.Failed(++_notReady >= StaleReadings ? PowerFault.Stale : PowerFault.NotReady);
        }

        _notReady = 0;
        var repeated = ReadChannels();
        Clear();
        _repeats = repeated ? _repeats + 1 : 0;
        if (_repeats >= SuspiciousRepeats)
        {
            if (IsFrozen())
            {
                return PowerReading.Failed(PowerFault.Frozen);
            }

            _repeats = 0;
        }

        return Evaluate();
    }

    /// <summary>Reads shunt and bus of every counted channel; tells whether all are as the last time.</summary>
    private bool ReadChannels()
    {
        var repeated = true;
        for (var channel = 0; channel < _chip.Channels.Count; channel++)
        {
            if (_shuntOhms[channel] is not null)
            {
                var (shunt, bus) = (Register(_chip.Channels[channel].Shunt), Register(_chip.Channels[channel].Bus));
                repeated &= shunt == _raw[2 * channel] && bus == _raw[(2 * channel) + 1];
                (_raw[2 * channel], _raw[(2 * channel) + 1]) = (shunt, bus);
            }
        }

        return repeated;
    }

    private PowerReading Evaluate()
    {
        var watts = 0.0;
        for (var channel = 0; channel < _chip.Channels.Count; channel++)
        {
            if (_shuntOhms[channel] is { } ohms)
            {
                if (_chip.IsSaturated(_raw[2 * channel]))
                {
                    return PowerReading.Failed(PowerFault.Saturated);
                }

                watts += _chip.Volts(_raw[(2 * channel) + 1]) * _chip.Amperes(_raw[2 * channel], ohms);
            }
        }

        return PowerReading.Of(watts);
    }

    // A steady load may well repeat its values. But reading clears the flag of a chip that lives, and the next conversion is
    // many reads away; one that calls the same values new again and again at once is not converting.
    private bool IsFrozen()
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            Clear();
            if ((Register(_chip.ReadyRegister) & _chip.ReadyMask) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Clear()
    {
        if (_chip.ClearRegister is { } register)
        {
            Register(register);
        }
    }

    private ushort Register(byte register)
    {
        Span<byte> value = stackalloc byte[2];
        var count = _bus.Read(register, value);
        return count == value.Length
            ? BinaryPrimitives.ReadUInt16BigEndian(value)
            : throw new EndOfStreamException($"Register 0x{register:X2} gave {count} of {value.Length} bytes.");
    }

    private void RequireIdentity()
    {
        foreach (var (register, mask, expected) in _chip.Identity)
        {
            var found = Register(register);
            if ((found & mask) != expected)
            {
                throw new DeviceException(
                    ErrorCode.MeasurementFailed,
                    $"The chip is no {_chip.Name}: register 0x{register:X2} holds 0x{found:X4}, expected 0x{expected:X4}. Name the chip that is there, or check address and wiring.");
            }
        }
    }
}
