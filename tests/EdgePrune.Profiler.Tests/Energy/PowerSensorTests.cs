using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class PowerSensorTests
{
    private static void WriteHwmon(TemporaryFolder folder, string name, params (string File, string Text)[] values)
    {
        folder.Write("/sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
        folder.Write("/sys/class/hwmon/hwmon3/name", name + "\n");
        foreach (var (file, text) in values)
        {
            folder.Write($"/sys/class/hwmon/hwmon3/{file}", text + "\n");
        }
    }

    [Fact]
    public void Hwmon_OfAnIna226_MultipliesVoltageAndCurrent()
    {
        using var folder = new TemporaryFolder();
        WriteHwmon(folder, "ina226", ("in1_input", "5100"), ("curr1_input", "-1200"), ("power1_input", "9999"), ("update_interval", "36"));
        using var sensor = HwmonPowerSensor.Find(folder.Files)!;
        Assert.Equal(-6.12, sensor.Read().Watts!.Value, 9);
        Assert.Equal("hwmon:ina226", sensor.Source);
        Assert.Equal(TimeSpan.FromMilliseconds(36), sensor.Period);
    }

    [Fact]
    public void Hwmon_WithoutCurrent_TakesThePowerRegister()
    {
        using var folder = new TemporaryFolder();
        WriteHwmon(folder, "ina260", ("power1_input", "6120000"));
        using var sensor = HwmonPowerSensor.Find(folder.Files)!;
        Assert.Equal(6.12, sensor.Read().Watts!.Value, 9);
    }

    [Fact]
    public void Hwmon_OfAThreeChannelChipWithAnInputRail_CountsNothingTwice()
    {
        using var folder = new TemporaryFolder();
        WriteHwmon(
            folder, "ina3221",
            ("in1_label", "VDD_IN"), ("in1_input", "5000"), ("curr1_input", "1000"),
            ("in2_label", "VDD_CPU"), ("in2_input", "5000"), ("curr2_input", "400"));
        using var sensor = HwmonPowerSensor.Find(folder.Files)!;
        Assert.Equal(5, sensor.Read().Watts!.Value, 9);
    }

    [Fact]
    public void Hwmon_OfAThreeChannelChipWithoutAnInputRail_AddsThem()
    {
        using var folder = new TemporaryFolder();
        WriteHwmon(folder, "ina3221", ("in1_input", "5000"), ("curr1_input", "1000"), ("in3_input", "3300"), ("curr3_input", "100"));
        using var sensor = HwmonPowerSensor.Find(folder.Files)!;
        Assert.Equal(5.33, sensor.Read().Watts!.Value, 9);
    }

    [Theory]
    [InlineData("nvme", "1000")]
    [InlineData("ina219", "garbage")]
    [InlineData("ina219", "")]
    public void Hwmon_WithoutAUsableMonitor_FindsNone(string name, string current)
    {
        using var folder = new TemporaryFolder();
        WriteHwmon(folder, name, ("in1_input", "5000"), ("curr1_input", current));
        Assert.Null(HwmonPowerSensor.Find(folder.Files));
    }

    [Theory]
    [InlineData("5100\n", 5100L)]
    [InlineData("-1200", -1200L)]
    [InlineData("", null)]
    [InlineData("12x", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("0                                                                   1", null)]
    public void KernelNumber_OfAFile_IsItsWholeNumber(string text, long? expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("/number", text);
        using var number = folder.Files.TryOpenNumber("/number")!;
        Assert.Equal(expected, number.Read());
        folder.Write("/number", "7");
        Assert.Equal(7, number.Read());
        Assert.Null(folder.Files.TryOpenNumber("/absent"));
    }

    [Theory]
    [InlineData(100, 250, 1000, 150L)]
    [InlineData(900, 50, 1000, 150L)]
    [InlineData(900, 50, 0, null)]
    public void Rapl_Difference_SurvivesTheWrap(long earlier, long later, long range, long? expected) =>
        Assert.Equal(expected, RaplPowerSensor.Difference(earlier, later, range));

    [Fact]
    public void Rapl_OfTwoPackages_AddsThemAcrossAWrap()
    {
        using var folder = new TemporaryFolder();
        void Write(int package, long microjoules)
        {
            folder.Write($"/sys/class/powercap/intel-rapl:{package}/name", $"package-{package}\n");
            folder.Write($"/sys/class/powercap/intel-rapl:{package}/max_energy_range_uj", "262143328850\n");
            folder.Write($"/sys/class/powercap/intel-rapl:{package}/energy_uj", $"{microjoules}\n");
        }

        folder.Write("/sys/class/powercap/intel-rapl:0:0/name", "core\n");
        folder.Write("/sys/class/powercap/intel-rapl:0:0/energy_uj", "1\n");
        Write(0, 1_000_000);
        Write(1, 262_143_328_850 - 500_000);
        var clock = new ManualClock();
        using var sensor = RaplPowerSensor.Find(folder.Files, clock)!;
        Assert.Equal(PowerReading.Failed(PowerFault.NotReady), sensor.Read());
        clock.Advance(100_000);
        Write(0, 2_000_000);
        Write(1, 500_000);
        Assert.Equal(20, sensor.Read().Watts!.Value, 6);
    }

    [Fact]
    public void Pmic_OfItsText_AddsTheRailsThatHaveBoth()
    {
        const string Text = "     3V7_WL_SW_A current(0)=0.1A\n   VDD_CORE_A current(7)=2.0A\n     3V7_WL_SW_V volt(8)=3.7V\n   VDD_CORE_V volt(15)=0.8V\n      EXT5V_V volt(24)=5.1V\n";
        Assert.Equal(1.97, PmicPowerSensor.Parse(Text)!.Value, 9);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("error=1 error_msg=\"Command not registered\"")]
    [InlineData("EXT5V_V volt(24)=5.1V")]
    [InlineData("VDD_CORE_A current(7)=xA\nVDD_CORE_V volt(15)=0.8V")]
    public void Pmic_OfOtherText_IsNoSensor(string? text) => Assert.Null(PmicPowerSensor.Parse(text));

    [Fact]
    public void Registry_TakesTheKernelsMonitorBeforeTheEstimate()
    {
        using var folder = new TemporaryFolder();
        var firmware = new FakeFirmware(("pmic_read_adc", "X_A current(0)=1A\nX_V volt(8)=1V"));
        using (var estimate = PowerSensorRegistry.Find(folder.Files, firmware, TimeProvider.System, monitor: null)!)
        {
            Assert.True(estimate.Estimated);
        }

        WriteHwmon(folder, "ina219", ("in1_input", "5000"), ("curr1_input", "1000"));
        using var monitor = PowerSensorRegistry.Find(folder.Files, firmware, TimeProvider.System, monitor: null)!;
        Assert.Equal("hwmon:ina219", monitor.Source);
    }

    [Fact]
    public void Registry_OnADeviceWithoutASource_FindsNone()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(PowerSensorRegistry.Find(folder.Files, new FakeFirmware(), TimeProvider.System, monitor: null));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ina219:250:0x40:0.1")]
    public void Registry_WithAnUnusableMonitorNamed_SaysSo(string location)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<DeviceException>(() => PowerSensorRegistry.Find(folder.Files, new FakeFirmware(), TimeProvider.System, location));
        Assert.Contains(location, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_OfAChipThatAKernelDriverOwns_Refuses()
    {
        using var folder = new TemporaryFolder();
        folder.Write("/sys/bus/i2c/devices/1-0040/driver/module", "");
        var error = Assert.Throws<DeviceException>(() => PowerSensorRegistry.Find(folder.Files, new FakeFirmware(), TimeProvider.System, "ina226:1:0x40:0.01"));
        Assert.Contains("kernel driver owns", error.Message, StringComparison.Ordinal);
    }
}
