using System.Buffers.Binary;

namespace EdgePrune.Profiler.Tests;

/// <summary>
/// A power monitor at register level: it converts without pause, each result is the mean of the load over one conversion, and
/// the conversion-ready flag is set by a new result and cleared as the datasheet says. It can fail as chips and buses do.
/// </summary>
internal sealed class SimulatedMonitor : IRegisterBus
{
    private const int Steps = 200;

    private readonly MonitorChip _chip;
    private readonly ManualClock _clock;
    private readonly Dictionary<byte, ushort> _registers = [];
    private readonly Dictionary<byte, ushort> _last = [];
    private readonly HashSet<byte> _fixed = [];
    private long _cleared = -1;

    public SimulatedMonitor(MonitorChip chip, ManualClock clock)
    {
        _chip = chip;
        _clock = clock;
        foreach (var (register, _, value) in chip.Identity)
        {
            _registers[register] = value;
        }

        PowerCycle();
    }

    /// <summary>Volts and amperes at a time in seconds.</summary>
    public Func<double, (double Volts, double Amperes)> Load { get; set; } = _ => (5, 1);

    public double ShuntOhms { get; set; } = 0.1;
    public bool Refuses { get; set; }
    public bool Shortens { get; set; }
    public bool Stalls { get; set; }

    /// <summary>Every register answers what it answered last.</summary>
    public bool Sticks { get; set; }
    public bool Disposed { get; private set; }
    public List<(byte Register, ushort Value)> Writes { get; } = [];

    private long LastConversion => Stalls ? _cleared : (long)Math.Floor(_clock.Seconds / _chip.Conversion.TotalSeconds) - 1;

    public void PowerCycle() => _registers[0] = _chip.PowerOn;

    /// <summary>Fixes what a register holds.</summary>
    public void Fix(byte register, int value)
    {
        _registers[register] = (ushort)value;
        _fixed.Add(register);
    }

    public int Read(byte register, Span<byte> value)
    {
        Answer();
        if (!(Sticks && _last.ContainsKey(register)))
        {
            _last[register] = Value(register);
        }

        BinaryPrimitives.WriteUInt16BigEndian(value, _last[register]);
        return Shortens ? 1 : value.Length;
    }

    public void Write(byte register, ushort value)
    {
        Answer();
        Writes.Add((register, value));
        _registers[register] = value;
    }

    public void Dispose() => Disposed = true;

    private ushort Value(byte register)
    {
        var value = _fixed.Contains(register) ? _registers[register] : Result(register) ?? _registers.GetValueOrDefault(register);
        if (register == _chip.ReadyRegister)
        {
            value = (ushort)(LastConversion > _cleared ? value | _chip.ReadyMask : value & ~_chip.ReadyMask);
        }

        if (register == (_chip.ClearRegister ?? _chip.ReadyRegister))
        {
            _cleared = LastConversion;
        }

        return value;
    }

    private ushort? Result(byte register)
    {
        var (volts, amperes) = Mean();
        foreach (var (shunt, bus) in _chip.Channels)
        {
            if (register == shunt)
            {
                var unit = _chip.ShuntInside ? _chip.ShuntUnit : _chip.ShuntUnit / ShuntOhms;
                return (ushort)(short)Math.Clamp(Math.Round(amperes / unit), -_chip.ShuntLimit, _chip.ShuntLimit);
            }

            if (register == bus)
            {
                return (ushort)((int)Math.Round(volts / _chip.BusUnit) << _chip.BusShift);
            }
        }

        return null;
    }

    private (double Volts, double Amperes) Mean()
    {
        var length = _chip.Conversion.TotalSeconds;
        var start = Math.Max(0, LastConversion) * length;
        double volts = 0, amperes = 0;
        for (var i = 0; i < Steps; i++)
        {
            var now = Load(start + (length * (i + 0.5) / Steps));
            volts += now.Volts / Steps;
            amperes += now.Amperes / Steps;
        }

        return (volts, amperes);
    }

    private void Answer()
    {
        if (Refuses)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }
    }
}
