using System.Device.I2c;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

/// <summary>The driver against simulated chips and buses that fail.</summary>
public sealed class PowerMonitorTests
{
    private readonly ManualClock _clock = new();

    private (SimulatedMonitor Chip, PowerMonitor Sensor) Open(string name, double ohms = 0.02)
    {
        var chip = MonitorChips.Find(name)!;
        var simulated = new SimulatedMonitor(chip, _clock) { ShuntOhms = ohms };
        return (simulated, new PowerMonitor(simulated, chip, [.. chip.Channels.Select((_, i) => i == 0 ? ohms : (double?)null)]));
    }

    private PowerReading Next(PowerMonitor sensor)
    {
        _clock.Advance(sensor.Period.TotalMicroseconds + 1);
        return sensor.Read();
    }

    public static TheoryData<string> Chips => [.. MonitorChips.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_OfALoad_IsItsPowerWithTheSign(string name)
    {
        var (chip, sensor) = Open(name);
        chip.Load = _ => (5.12, 1.5);
        Assert.Equal(7.68, Next(sensor).Watts!.Value, 0.02);
        chip.Load = _ => (5.12, -1.5);
        Assert.Equal(-7.68, Next(sensor).Watts!.Value, 0.02);
        sensor.Dispose();
        Assert.True(chip.Disposed);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_TwiceWithinOneConversion_IsNotReadyAndThenStale(string name)
    {
        var (chip, sensor) = Open(name);
        Assert.NotNull(Next(sensor).Watts);
        Assert.Equal(PowerFault.NotReady, sensor.Read().Fault);
        chip.Stalls = true;
        PowerFault[] faults = [.. Enumerable.Range(0, 6).Select(_ => Next(sensor).Fault)];
        Assert.Equal(PowerFault.NotReady, faults[0]);
        Assert.Equal(PowerFault.Stale, faults[^1]);
        chip.Stalls = false;
        Assert.NotNull(Next(sensor).Watts);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_AfterAPowerCycle_ReportsItAndSetsTheChipUpAgain(string name)
    {
        var (chip, sensor) = Open(name);
        Assert.NotNull(Next(sensor).Watts);
        chip.PowerCycle();
        Assert.Equal(PowerFault.Reset, Next(sensor).Fault);
        Assert.Equal(2, chip.Writes.Count);
        Assert.Equal(chip.Writes[0], chip.Writes[1]);
        Assert.NotNull(Next(sensor).Watts);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_WhenTheChipRefuses_HasNoAnswerUntilItRecovers(string name)
    {
        var (chip, sensor) = Open(name);
        chip.Refuses = true;
        Assert.Equal(PowerReading.Failed(PowerFault.NoAnswer), Next(sensor));
        chip.Refuses = false;
        Assert.NotNull(Next(sensor).Watts);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_OfTooFewBytes_IsAShortRead(string name)
    {
        var (chip, sensor) = Open(name);
        chip.Shortens = true;
        Assert.Equal(PowerFault.ShortRead, Next(sensor).Fault);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_WhenEveryRegisterSticks_IsFrozenOrStale(string name)
    {
        var (chip, sensor) = Open(name);
        Assert.NotNull(Next(sensor).Watts);
        chip.Sticks = true;
        PowerFault[] faults = [.. Enumerable.Range(0, 40).Select(_ => Next(sensor).Fault)];
        Assert.Contains(faults[^1], new[] { PowerFault.Frozen, PowerFault.Stale });
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_OfASteadyLoad_NeverPassesForFrozen(string name)
    {
        var (_, sensor) = Open(name);
        Assert.All(Enumerable.Range(0, 200).Select(_ => Next(sensor)), r => Assert.Equal(PowerFault.None, r.Fault));
    }

    [Fact]
    public void Read_WhenAnotherProgramChangedTheSettings_IsDisturbed()
    {
        var (chip, sensor) = Open("ina226");
        chip.Write(0, 0x4127 | 0x0E00);
        Assert.Equal(PowerFault.Disturbed, Next(sensor).Fault);
        Assert.NotNull(Next(sensor).Watts);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Read_BeyondTheRange_IsSaturated(string name)
    {
        var (chip, sensor) = Open(name);
        chip.Load = _ => (5, 1e6);
        Assert.Equal(PowerFault.Saturated, Next(sensor).Fault);
    }

    [Fact]
    public void Read_OfThreeChannels_AddsThoseThatCount()
    {
        var chip = new SimulatedMonitor(MonitorChips.Ina3221, _clock);
        using var sensor = new PowerMonitor(chip, MonitorChips.Ina3221, [0.1, null, 0.05]);
        // 40 mV at 5 V, 10 mV at 3.3 V (not counted), 20 mV at 12 V.
        (int Register, int Value)[] values = [(1, 1000 << 3), (2, 625 << 3), (3, 250 << 3), (4, 412 << 3), (5, 500 << 3), (6, 1500 << 3)];
        foreach (var (register, value) in values)
        {
            chip.Fix((byte)register, value);
        }

        Assert.Equal((5 * 0.4) + (12 * 0.4), Next(sensor).Watts!.Value, 9);
    }

    [Theory]
    [InlineData("ina226", "ina260")]
    [InlineData("ina260", "ina3221")]
    [InlineData("ina236", "ina226")]
    public void Constructor_OfAnotherChip_NamesWhatItFound(string expected, string found)
    {
        var simulated = new SimulatedMonitor(MonitorChips.Find(found)!, _clock);
        var error = Assert.Throws<DeviceException>(() => new PowerMonitor(simulated, MonitorChips.Find(expected)!, [.. MonitorChips.Find(expected)!.Channels.Select(_ => (double?)0.1)]));
        Assert.Contains($"no {expected}", error.Message, StringComparison.Ordinal);
        Assert.Empty(simulated.Writes);
    }

    [Fact]
    public void Bus_OverI2c_WritesThePointerAndReadsTheHighByteFirst()
    {
        var device = new RecordedDevice([0x12, 0x34]);
        using (var bus = new I2cRegisterBus(device))
        {
            Span<byte> value = stackalloc byte[2];
            Assert.Equal(2, bus.Read(0xFE, value));
            Assert.Equal([0x12, 0x34], value.ToArray());
            bus.Write(0, 0x4497);
        }

        Assert.Equal(["WriteRead FE", "Write 00 44 97", "Dispose"], device.Calls);
    }

    [Theory]
    [InlineData("ina219:1:0x40:0.1", true)]
    [InlineData("INA226:10:0x4f:0.005", true)]
    [InlineData("ina260:1:0x40", true)]
    [InlineData("ina3221:1:0x40:0.1,-,0.05", true)]
    [InlineData("ina260:1:0x40:0.1", false)]
    [InlineData("ina3221:1:0x40:0.1", false)]
    [InlineData("ina3221:1:0x40:-,-,-", false)]
    [InlineData("ina226:1:0x40", false)]
    [InlineData("ina999:1:0x40:0.1", false)]
    [InlineData("ina219:1:40:0.1", false)]
    [InlineData("ina219:1:0x50:0.1", false)]
    [InlineData("ina219:1:0x40:0", false)]
    [InlineData("ina219:1:0x40:-1", false)]
    [InlineData("ina219:1:0x40:1e9", false)]
    [InlineData("ina219:a:0x40:0.1", false)]
    [InlineData("ina219:99999:0x40:0.1", false)]
    [InlineData("::::", false)]
    [InlineData("", false)]
    public void Location_OfText_IsCheckedInFull(string text, bool valid) => Assert.Equal(valid, MonitorLocation.Parse(text) is not null);

    [Theory]
    [InlineData("ina226:1:0x40:0.01", "1:0x41:0.1", "ina226:1:0x40:0.01")]
    [InlineData(null, "1:0x41:0.1", "ina219:1:0x41:0.1")]
    [InlineData("", "", null)]
    [InlineData(null, null, null)]
    public void Location_FromTheEnvironment_PrefersTheNewVariable(string? now, string? old, string? expected) =>
        Assert.Equal(expected, MonitorLocation.FromEnvironment(name => name == MonitorLocation.Variable ? now : old));

    private sealed class RecordedDevice(byte[] answer) : I2cDevice
    {
        public List<string> Calls { get; } = [];

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x40);

        public override void Read(Span<byte> buffer) => Calls.Add("Read");

        public override void Write(ReadOnlySpan<byte> buffer) => Calls.Add($"Write {Hex(buffer)}");

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Calls.Add($"WriteRead {Hex(writeBuffer)}");
            answer.CopyTo(readBuffer);
        }

        protected override void Dispose(bool disposing)
        {
            Calls.Add("Dispose");
            base.Dispose(disposing);
        }

        private static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(b => $"{b:X2}"));
    }
}
