namespace EdgePrune.Profiler;

/// <summary>
/// A power monitor as data: its registers and their units. The calibration register of some chips is left alone: it only scales
/// the chip's own current and power registers, which a power cycle silently zeroes; shunt and bus voltage need none, keep their
/// sign and are finer.
/// </summary>
internal sealed record MonitorChip
{
    public required string Name { get; init; }

    /// <summary>Value written to register 0: continuous conversions, averaged, so that little energy falls between two samples.</summary>
    public required ushort Configuration { get; init; }

    /// <summary>What register 0 holds after power-on.</summary>
    public required ushort PowerOn { get; init; }

    /// <summary>Time from one result to the next with <see cref="Configuration"/>, over all channels.</summary>
    public required TimeSpan Conversion { get; init; }

    /// <summary>Register of shunt voltage (or current) and of bus voltage for each channel.</summary>
    public required IReadOnlyList<(byte Shunt, byte Bus)> Channels { get; init; }

    /// <summary>Volts of one unit of the shunt register taken as a signed 16-bit number; amperes when the shunt is built in.</summary>
    public required double ShuntUnit { get; init; }

    /// <summary>Whether the chip has its shunt inside and tells amperes.</summary>
    public bool ShuntInside { get; init; }

    /// <summary>Largest magnitude of the shunt register: at it the true current is unknown.</summary>
    public required int ShuntLimit { get; init; }

    /// <summary>Volts of one unit of the bus register after <see cref="BusShift"/>.</summary>
    public required double BusUnit { get; init; }

    /// <summary>Low bits of the bus register that are no voltage.</summary>
    public int BusShift { get; init; }

    /// <summary>Register with the conversion-ready flag.</summary>
    public required byte ReadyRegister { get; init; }

    /// <summary>The conversion-ready flag.</summary>
    public required ushort ReadyMask { get; init; }

    /// <summary>Register whose reading clears the flag, when it is not <see cref="ReadyRegister"/>.</summary>
    public byte? ClearRegister { get; init; }

    /// <summary>Registers that say which chip it is, with the bits to compare; empty for a chip that cannot tell.</summary>
    public IReadOnlyList<(byte Register, ushort Mask, ushort Value)> Identity { get; init; } = [];

    /// <summary>Amperes of a shunt register.</summary>
    public double Amperes(ushort raw, double shuntOhms) => ShuntInside ? (short)raw * ShuntUnit : (short)raw * ShuntUnit / shuntOhms;

    /// <summary>Volts of a bus register. The bits are unsigned: taken as a signed number, 20 V of an INA219 would read as negative.</summary>
    public double Volts(ushort raw) => (raw >> BusShift) * BusUnit;

    public bool IsSaturated(ushort raw) => Math.Abs((int)(short)raw) >= ShuntLimit;
}
