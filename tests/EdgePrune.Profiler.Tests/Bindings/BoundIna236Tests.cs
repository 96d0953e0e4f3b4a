using System.Buffers.Binary;
using System.Device.I2c;

namespace EdgePrune.Profiler.Tests;

/// <summary>The adapter over Iot.Device.Bindings; compiled only with -p:UseIotDeviceBindings=true.</summary>
public sealed class BoundIna236Tests
{
    [Theory]
    [InlineData(1.5, 7.68)]
    [InlineData(-1.5, -7.68)]
    public void Read_OfALoad_IsItsPowerWithTheSign(double amperes, double watts)
    {
        var device = new ScaledChip(5.12, amperes, shuntOhms: 0.02);
        using (var sensor = new BoundIna236(device, 0.02))
        {
            Assert.Equal(watts, sensor.Read().Watts!.Value, 0.02);
        }

        Assert.True(device.Disposed);
    }

    [Fact]
    public void Registry_OfABoundChip_GoesThroughTheBinding()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<EdgePrune.Contracts.DeviceException>(() =>
            PowerSensorRegistry.Find(folder.Files, new FakeFirmware(), TimeProvider.System, "iot-ina236:250:0x40:0.02"));
        Assert.DoesNotContain("known chips", error.Message, StringComparison.Ordinal);
    }

    // An INA236 with its calibration: current = shunt x calibration / 2048 (datasheet SBOSA37, section on the current register).
    private sealed class ScaledChip(double volts, double amperes, double shuntOhms) : I2cDevice
    {
        private readonly Dictionary<byte, ushort> _registers = new() { [0] = 0x4127, [0x3E] = 0x5449, [0x3F] = 0xA080 };
        private byte _pointer;

        public bool Disposed { get; private set; }

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x40);

        public override void Read(Span<byte> buffer)
        {
            var shunt = (short)Math.Round(amperes * shuntOhms / 2.5e-6);
            var value = _pointer switch
            {
                1 => (ushort)shunt,
                2 => (ushort)Math.Round(volts / 1.6e-3),
                4 => (ushort)(short)(shunt * _registers.GetValueOrDefault((byte)5) / 2048),
                _ => _registers.GetValueOrDefault(_pointer),
            };
            BinaryPrimitives.WriteUInt16BigEndian(buffer, value);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _pointer = buffer[0];
            if (buffer.Length == 3)
            {
                var value = BinaryPrimitives.ReadUInt16BigEndian(buffer[1..]);
                _registers[_pointer] = _pointer == 0 && (value & 0x8000) != 0 ? (ushort)0x4127 : value;
            }
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Write(writeBuffer);
            Read(readBuffer);
        }

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}
