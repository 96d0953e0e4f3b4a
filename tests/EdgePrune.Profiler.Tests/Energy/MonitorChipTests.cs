namespace EdgePrune.Profiler.Tests;

/// <summary>Registers of the power monitors against the worked examples of their datasheets.</summary>
public sealed class MonitorChipTests
{
    // Each row: the example's shunt and bus register, its shunt, and the watts that the datasheet gets from its power register.
    [Theory]
    // INA219, SBOS448G, table "Calculating Current and Power": 20 mV, 11.98 V, 2 mΩ, power 1766h x 20 mW.
    [InlineData("ina219", 0x07D0, 0x5D98, 0.002, 0x1766 * 0.020)]
    // INA226, SBOS547A, table "Calculating Current and Power": 20 mV, 11.98 V, 2 mΩ, power 12B8h x 25 mW.
    [InlineData("ina226", 0x1F40, 0x2570, 0.002, 0x12B8 * 0.025)]
    // INA236, the example of its .NET IoT binding's tests: 48 mV over 8 mΩ, 7500 x 1.6 mV, power 4500 x 16 mW.
    [InlineData("ina236", 19200, 7500, 0.008, 4500 * 0.016)]
    public void Watts_OfTheDatasheetsExample_AreItsWatts(string chip, int shunt, int bus, double ohms, double watts)
    {
        var monitor = MonitorChips.Find(chip)!;
        Assert.Equal(watts, monitor.Volts((ushort)bus) * monitor.Amperes((ushort)shunt, ohms), 1e-9 + (watts * 1e-9));
    }

    [Theory]
    // INA219, SBOS448G, table "Shunt Voltage Register Format".
    [InlineData("ina219", 0x7D00, 0.320)]
    [InlineData("ina219", 0x0FA0, 0.040)]
    [InlineData("ina219", 0xF060, -0.040)]
    [InlineData("ina219", 0x8300, -0.320)]
    [InlineData("ina219", 0xFFFF, -0.00001)]
    // INA226, SBOS547A, text of the shunt voltage register: -80 mV is 8300h.
    [InlineData("ina226", 0x8300, -0.080)]
    // INA3221, SBOS576B, text of the shunt voltage register: -80 mV is C180h.
    [InlineData("ina3221", 0xC180, -0.080)]
    [InlineData("ina3221", 0x0008, 0.000040)]
    public void Amperes_OfTheShuntRegister_AreSigned(string chip, int raw, double volts) =>
        Assert.Equal(volts, MonitorChips.Find(chip)!.Amperes((ushort)raw, 1), 12);

    [Theory]
    [InlineData("ina219", 0x9C40, 20.0)]
    [InlineData("ina219", 0x9C42, 20.0)]
    [InlineData("ina219", 0xFA00, 32.0)]
    [InlineData("ina226", 0x7FFF, 40.95875)]
    [InlineData("ina236", 0x0001, 0.0016)]
    [InlineData("ina260", 0x2570, 11.98)]
    [InlineData("ina3221", 0x7FF8, 32.76)]
    [InlineData("ina3221", 0x0008, 0.008)]
    public void Volts_OfTheBusRegister_AreUnsignedAndIgnoreTheFlags(string chip, int raw, double volts) =>
        Assert.Equal(volts, MonitorChips.Find(chip)!.Volts((ushort)raw), 9);

    [Theory]
    [InlineData(0x2710, 12.5)]
    [InlineData(0xD8F0, -12.5)]
    public void Amperes_OfAChipWithItsShuntInside_NeedNoShunt(int raw, double amperes) =>
        Assert.Equal(amperes, MonitorChips.Ina260.Amperes((ushort)raw, 0), 9);

    [Theory]
    // 0x399F is power-on: averaging changes bits 10 to 3 only.
    [InlineData("ina219", 0x3E67, 17.02)]
    [InlineData("ina226", 0x4497, 10.624)]
    [InlineData("ina236", 0x4497, 10.624)]
    [InlineData("ina260", 0x6497, 10.624)]
    [InlineData("ina3221", 0x7407, 13.44)]
    public void Configuration_OfEachChip_AveragesForItsConversionTime(string chip, int configuration, double milliseconds)
    {
        var monitor = MonitorChips.Find(chip)!;
        Assert.Equal(configuration, monitor.Configuration);
        Assert.NotEqual(monitor.PowerOn, monitor.Configuration);
        Assert.Equal(milliseconds, monitor.Conversion.TotalMilliseconds, 3);
    }

    [Theory]
    [InlineData("ina219", 32_000, true)]
    [InlineData("ina219", -32_000, true)]
    [InlineData("ina219", 31_999, false)]
    [InlineData("ina226", 32_767, true)]
    [InlineData("ina226", -32_768, true)]
    [InlineData("ina3221", 0x7FF8, true)]
    [InlineData("ina3221", 0x7FF0, false)]
    public void IsSaturated_AtTheEndOfTheRange(string chip, int raw, bool saturated) =>
        Assert.Equal(saturated, MonitorChips.Find(chip)!.IsSaturated((ushort)raw));
}
