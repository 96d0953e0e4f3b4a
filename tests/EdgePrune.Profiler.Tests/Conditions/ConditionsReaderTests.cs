using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class ConditionsReaderTests
{
    private static void WritePi(TemporaryFolder folder)
    {
        folder.Write("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        folder.Write("/proc/cpuinfo", "CPU implementer\t: 0x41\nCPU part\t: 0xd08\n");
        folder.Write("/proc/loadavg", "0.25 0.1 0.1 1/100 1\n");
        folder.Write("/proc/meminfo", "MemTotal:  3884000 kB\nMemAvailable:   3000000 kB\n");
        folder.Write("/proc/pressure/cpu", "some avg10=1.50 avg60=0 avg300=0 total=1\n");
        folder.Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "ondemand\n");
        folder.Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "1800000\n");
        folder.Write("/sys/class/thermal/thermal_zone0/type", "gpu-thermal\n");
        folder.Write("/sys/class/thermal/thermal_zone0/temp", "99000\n");
        folder.Write("/sys/class/thermal/thermal_zone1/type", "cpu-thermal\n");
        folder.Write("/sys/class/thermal/thermal_zone1/temp", "51608\n");
    }

    [Fact]
    public void Snapshot_OfAPi_ReadsTheProcessorsZoneAndTheFirmware()
    {
        using var folder = new TemporaryFolder();
        WritePi(folder);
        var reader = new ConditionsReader(folder.Files, new FakeFirmware(("get_throttled", "throttled=0x50000")));
        Assert.Equal(new ConditionSnapshot(1800, 51.608, 1.5, 0x50000) { CpuStall = 1 }, reader.Snapshot());
    }

    [Fact]
    public void Describe_OfAPi_NamesTheBoard()
    {
        using var folder = new TemporaryFolder();
        WritePi(folder);
        var conditions = new ConditionsReader(folder.Files, new FakeFirmware()).Describe("1.31.1", new ProfileSettings());
        Assert.Equal("Raspberry Pi 4 Model B Rev 1.4", conditions.Machine);
        Assert.Equal("ARM Cortex-A72", conditions.Processor);
        Assert.Equal("ondemand", conditions.Governor);
        Assert.Equal(0.25, conditions.LoadAverage);
        Assert.Equal(new ByteSize(3000000L * 1024), conditions.AvailableMemory);
    }

    [Fact]
    public void Snapshot_OfAnEmptySystem_KnowsNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(new ConditionSnapshot(null, null, null, null), new ConditionsReader(folder.Files, new FakeFirmware()).Snapshot());
    }

    [Fact]
    public void Complete_WithAMissingReading_LeavesThePairOut()
    {
        using var folder = new TemporaryFolder();
        var before = new ConditionSnapshot(1800, null, 2, null);
        var after = new ConditionSnapshot(1500, 60, 3, null);
        var empty = new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = "" };
        var conditions = new ConditionsReader(folder.Files, new FakeFirmware()).Complete(empty, new ConditionSnapshot(null, null, 1, null), before, after);
        Assert.Equal([1800, 1500], conditions.ClockMhz!);
        Assert.Null(conditions.TemperatureCelsius);
        Assert.Equal([1, 3], conditions.CpuPressurePercent!);
        Assert.Null(conditions.Throttling);
    }

    [Fact]
    public void Fingerprint_ChangesWithEachPartAndWithNothingElse()
    {
        var conditions = new RunConditions { Machine = "a", Processor = "b", Processors = 4, System = "c", OnnxRuntimeVersion = "1.31.1", Fingerprint = "" };
        var settings = new ProfileSettings();
        var original = RunFingerprint.Of(conditions, settings);
        Assert.Matches("^[0-9a-f]{64}$", original);
        Assert.Equal(original, RunFingerprint.Of(conditions with { LoadAverage = 3, ClockMhz = [1, 2] }, settings));
        string[] changed =
        [
            RunFingerprint.Of(conditions with { Machine = null }, settings),
            RunFingerprint.Of(conditions with { Machine = "" }, settings),
            RunFingerprint.Of(conditions with { System = "d" }, settings),
            RunFingerprint.Of(conditions with { OnnxRuntimeVersion = "1.31.2" }, settings),
            RunFingerprint.Of(conditions, settings with { Threads = 2 }),
        ];
        Assert.Equal(changed.Length + 1, changed.Append(original).Distinct().Count());
    }

    [Fact]
    public void VideoCoreMessage_CarriesCommandAndAnswer()
    {
        var message = VideoCoreMessage.Build("get_throttled");
        Assert.Equal(VideoCoreMessage.Length, BitConverter.ToInt32(message, 0));
        Assert.Equal(0x00030080u, BitConverter.ToUInt32(message, 8));
        Assert.Equal("get_throttled", VideoCoreMessage.ReadReply(message));
        Assert.Null(VideoCoreMessage.ReadReply(message.AsSpan(0, 100)));
        Array.Fill(message, (byte)'x');
        Assert.Null(VideoCoreMessage.ReadReply(message));
        Assert.Throws<ArgumentOutOfRangeException>(() => VideoCoreMessage.Build(new string('x', 1024)));
    }

    [Fact]
    public void Complete_OverTheWindows_TakesTheGrowthOfTheStalls()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        var reader = new ConditionsReader(folder.Files, new FakeFirmware(), clock, () => 1500 + clock.Seconds);
        folder.Write("/proc/pressure/cpu", "some avg10=90.00 avg60=0 avg300=0 total=5000000\nfull avg10=0 avg60=0 avg300=0 total=9\n");
        folder.Write("/proc/pressure/memory", "some avg10=0 avg60=0 avg300=0 total=100\n");
        folder.Write("/proc/vmstat", "pswpin 10\npswpout 5\n");
        var before = reader.Snapshot();
        clock.Advance(2e6);
        folder.Write("/proc/pressure/cpu", "some avg10=90.00 avg60=0 avg300=0 total=5100000\n");
        folder.Write("/proc/pressure/memory", "some avg10=0 avg60=0 avg300=0 total=20100\n");
        folder.Write("/proc/vmstat", "pswpin 12\npswpout 6\n");
        var conditions = reader.Complete(new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = "" }, before, before, reader.Snapshot());
        Assert.Equal(5, conditions.CpuStallPercent!.Value, 9);
        Assert.Equal(1, conditions.MemoryStallPercent!.Value, 9);
        Assert.Equal(3, conditions.SwappedPages);
        Assert.Equal([1500, 1502], conditions.CalibratedMhz!);
    }

    [Fact]
    public void Calibration_OfThisMachine_IsAPossibleClock() =>
        Assert.InRange(new ClockCalibration(TimeProvider.System).Measure(), 50, 10_000);

    [Fact]
    public void Calibration_OfAKnownTime_IsTheCyclesOverIt() => Assert.Equal(600, ClockCalibration.Megahertz(533_333, 1_000_000_000), 0.01);
}
