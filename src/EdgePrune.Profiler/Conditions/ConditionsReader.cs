using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Reads what the device is like from the kernel's files and the firmware.</summary>
/// <param name="files">The kernel's files.</param>
/// <param name="firmware">The firmware.</param>
/// <param name="clock">Clock of the stall shares, or null for none.</param>
/// <param name="calibrate">Measures the real clock, or null to leave it out.</param>
internal sealed class ConditionsReader(SystemFiles files, IFirmware firmware, TimeProvider? clock = null, Func<double>? calibrate = null)
{
    private readonly ProcessorThermometer _thermometer = new(files);

    public static ConditionsReader OnThisMachine(SystemFiles files, IFirmware firmware, TimeProvider clock) =>
        new(files, firmware, clock, new ClockCalibration(clock).Measure);

    public ConditionSnapshot Snapshot()
    {
        var pressure = files.TryRead("/proc/pressure/cpu");
        return new ConditionSnapshot(ReadClock(), _thermometer.Read(), ProcText.Pressure(pressure), ThrottledFlags.Parse(firmware.Ask("get_throttled")))
        {
            CalibratedMhz = calibrate?.Invoke(),
            CpuStall = ProcText.StallTotal(pressure),
            MemoryStall = ProcText.StallTotal(files.TryRead("/proc/pressure/memory")),
            SwappedPages = ProcText.SwappedPages(files.TryRead("/proc/vmstat")),
            At = clock?.GetTimestamp() ?? 0,
        };
    }

    /// <summary>Conditions that hold for a whole run; the snapshots are added when it is over.</summary>
    public RunConditions Describe(string onnxRuntimeVersion, ProfileSettings settings)
    {
        var memory = files.TryRead("/proc/meminfo");
        var conditions = new RunConditions
        {
            Machine = files.TryRead("/proc/device-tree/model") ?? files.TryRead("/sys/class/dmi/id/product_name"),
            Processor = ProcText.Processor(files.TryRead("/proc/cpuinfo")),
            Processors = Environment.ProcessorCount,
            System = $"{RuntimeInformation.OSDescription}, kernel {files.TryRead("/proc/sys/kernel/osrelease") ?? "unknown"}, {RuntimeInformation.ProcessArchitecture}",
            Firmware = firmware.Ask("version")?.ReplaceLineEndings(" "),
            OnnxRuntimeVersion = onnxRuntimeVersion,
            Governor = files.TryRead("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            LoadAverage = ProcText.LoadAverage(files.TryRead("/proc/loadavg")),
            AvailableMemory = ProcText.Size(memory, "MemAvailable") is { } bytes ? new ByteSize(bytes) : null,
            SwapUsed = ProcText.Size(memory, "SwapTotal") - ProcText.Size(memory, "SwapFree") is { } swap ? new ByteSize(swap) : null,
            Fingerprint = "",
        };
        return conditions with { Fingerprint = RunFingerprint.Of(conditions, settings) };
    }

    /// <summary>Adds what was read before and after the windows; before the run the pressure of others counts.</summary>
    public RunConditions Complete(RunConditions conditions, ConditionSnapshot idle, ConditionSnapshot before, ConditionSnapshot after) =>
        Complete(clock, conditions, idle, before, after);

    internal static RunConditions Complete(
        TimeProvider? clock, RunConditions conditions, ConditionSnapshot idle, ConditionSnapshot before, ConditionSnapshot after) => conditions with
    {
        ClockMhz = Pair(before.ClockMhz, after.ClockMhz),
        CalibratedMhz = Pair(before.CalibratedMhz, after.CalibratedMhz),
        TemperatureCelsius = Pair(before.TemperatureCelsius, after.TemperatureCelsius),
        CpuPressurePercent = Pair(idle.PressurePercent, after.PressurePercent),
        CpuStallPercent = Share(clock, after.CpuStall - before.CpuStall, before.At, after.At),
        MemoryStallPercent = Share(clock, after.MemoryStall - before.MemoryStall, before.At, after.At),
        SwappedPages = after.SwappedPages - before.SwappedPages,
        Throttling = ThrottledFlags.During(before.Throttled, after.Throttled),
    };

    // The total grows with the time of day and never falls: its growth over the windows is the share of them that tasks waited.
    private static double? Share(TimeProvider? clock, long? stall, long from, long to)
    {
        const double Percent = 100;
        return clock is not null && stall is >= 0 and { } microseconds && to > from
            ? Math.Min(Percent, Percent * microseconds / clock.GetElapsedTime(from, to).TotalMicroseconds)
            : null;
    }

    private double? ReadClock() =>
        files.TryReadNumber("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq") is { } kilohertz and > 0
            ? kilohertz / 1000.0
            : ProcText.ClockMhz(files.TryRead("/proc/cpuinfo"));

    private static double[]? Pair(double? before, double? after) => before is { } first && after is { } last ? [first, last] : null;
}
