using System.Buffers.Binary;
using System.Device.I2c;

namespace EdgePrune.Profiler;

/// <summary>Registers over System.Device.Gpio: the pointer byte and the answer in one transfer with a repeated start.</summary>
/// <param name="device">The chip's place on the bus; disposed of with this.</param>
internal sealed class I2cRegisterBus(I2cDevice device) : IRegisterBus
{
    public int Read(byte register, Span<byte> value)
    {
        device.WriteRead([register], value);
        return value.Length;
    }

    public void Write(byte register, ushort value)
    {
        Span<byte> message = stackalloc byte[3];
        message[0] = register;
        BinaryPrimitives.WriteUInt16BigEndian(message[1..], value);
        device.Write(message);
    }

    public void Dispose() => device.Dispose();
}
