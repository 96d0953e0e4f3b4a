namespace EdgePrune.Profiler.Tests;

public sealed class Ina219Tests
{
    [Theory]
    [InlineData(0xF060, -0.040)]
    [InlineData(0x0FA0, 0.040)]
    [InlineData(0x7D00, 0.320)]
    [InlineData(0x8300, -0.320)]
    [InlineData(0xFFFF, -0.00001)]
    [InlineData(0x0000, 0)]
    public void ShuntVolts_OfTheRegister_AreSigned(int raw, double volts) =>
        Assert.Equal(volts, Ina219Registers.ShuntVolts((ushort)raw), 9);

    [Theory]
    [InlineData(0x9C40, 20.0)]
    [InlineData(0x9C42, 20.0)]
    [InlineData(0xFA00, 32.0)]
    [InlineData(0x0008, 0.004)]
    public void BusVolts_OfTheRegister_AreUnsignedAndIgnoreTheFlags(int raw, double volts) =>
        Assert.Equal(volts, Ina219Registers.BusVolts((ushort)raw), 9);

    [Fact]
    public void Constructor_SetsBothConvertersToAverage()
    {
        var chip = new SimulatedIna219();
        using var sensor = new Ina219PowerSensor(chip, 0.1);
        // 0x399F is power-on (12 bits, no averaging); averaging changes only bits 10 to 3.
        Assert.Equal([((byte)0, (ushort)0x3E67)], chip.Writes);
    }

    [Theory]
    [InlineData(0x0FA0, 0x9C42, 8.0)]
    [InlineData(0xF060, 0x9C42, -8.0)]
    [InlineData(0x0000, 0x2712, 0.0)]
    public void ReadWatts_IsBusTimesCurrentWithItsSign(int shunt, int bus, double watts)
    {
        var chip = new SimulatedIna219();
        using var sensor = new Ina219PowerSensor(chip, 0.1);
        chip.Registers[1] = (ushort)shunt;
        chip.Registers[2] = (ushort)bus;
        Assert.Equal(watts, sensor.ReadWatts()!.Value, 9);
    }

    [Fact]
    public void ReadWatts_BeforeTheConversionIsReady_IsNull()
    {
        var chip = new SimulatedIna219();
        using var sensor = new Ina219PowerSensor(chip, 0.1);
        chip.Registers[1] = 0x0FA0;
        chip.Registers[2] = 0x9C40;
        Assert.Null(sensor.ReadWatts());
    }

    [Theory]
    [InlineData(0x7D00)]
    [InlineData(0x8300)]
    public void ReadWatts_BeyondTheRangeOfTheShunt_IsNull(int shunt)
    {
        var chip = new SimulatedIna219();
        using var sensor = new Ina219PowerSensor(chip, 0.1);
        chip.Registers[1] = (ushort)shunt;
        chip.Registers[2] = 0x9C42;
        Assert.Null(sensor.ReadWatts());
    }

    [Fact]
    public void ReadWatts_AfterABrownOut_SetsTheChipUpAgain()
    {
        var chip = new SimulatedIna219();
        using var sensor = new Ina219PowerSensor(chip, 0.1);
        chip.Registers[0] = SimulatedIna219.PowerOnConfiguration;
        chip.Registers[2] = 0x9C42;
        Assert.Null(sensor.ReadWatts());
        Assert.Equal(2, chip.Writes.Count);
        Assert.NotNull(sensor.ReadWatts());
    }

    [Fact]
    public void ReadWatts_OfASilentChip_Throws()
    {
        var chip = new SimulatedIna219();
        using (var sensor = new Ina219PowerSensor(chip, 0.1))
        {
            chip.Silent = true;
            Assert.Throws<IOException>(() => sensor.ReadWatts());
        }

        Assert.True(chip.Disposed);
    }

    [Theory]
    [InlineData("1:0x40:0.1", true)]
    [InlineData("10:0x4f:0.005", true)]
    [InlineData("1:40:0.1", false)]
    [InlineData("1:0x50:0.1", false)]
    [InlineData("1:0x40:0", false)]
    [InlineData("1:0x40:-1", false)]
    [InlineData("1:0x40", false)]
    [InlineData("a:0x40:0.1", false)]
    [InlineData(":::", false)]
    [InlineData("", false)]
    public void Location_OfText_IsCheckedInFull(string text, bool valid) => Assert.Equal(valid, Ina219Location.Parse(text) is not null);
}
