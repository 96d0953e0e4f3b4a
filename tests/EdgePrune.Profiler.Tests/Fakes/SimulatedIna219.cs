using System.Buffers.Binary;
using System.Device.I2c;

namespace EdgePrune.Profiler.Tests;

/// <summary>
/// An INA219 at register level: six registers of 16 bits, big-endian, behind a pointer byte. It starts as after power-on
/// and can fail as the bus does.
/// </summary>
internal sealed class SimulatedIna219 : I2cDevice
{
    public const ushort PowerOnConfiguration = 0x399F;

    public ushort[] Registers { get; } = [PowerOnConfiguration, 0, 0, 0, 0, 0];
    public List<(byte Register, ushort Value)> Writes { get; } = [];
    public bool Silent { get; set; }
    public bool Disposed { get; private set; }

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x40);

    public override void Read(Span<byte> buffer) => throw new NotSupportedException("A read needs the register first.");

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Answer();
        Assert.Equal(3, buffer.Length);
        var value = BinaryPrimitives.ReadUInt16BigEndian(buffer[1..]);
        Writes.Add((buffer[0], value));
        Registers[buffer[0]] = value;
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Answer();
        Assert.Equal(1, writeBuffer.Length);
        BinaryPrimitives.WriteUInt16BigEndian(readBuffer, Registers[writeBuffer[0]]);
    }

    protected override void Dispose(bool disposing)
    {
        Disposed = true;
        base.Dispose(disposing);
    }

    private void Answer()
    {
        if (Silent)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }
    }
}
