using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Reads what the device is like from the kernel's files and the firmware.</summary>
internal sealed class ConditionsReader(SystemFiles files, IFirmware firmware)
{
    private readonly ProcessorThermometer _thermometer = new(files);

    public ConditionSnapshot Snapshot() =>
        new(ReadClock(), _thermometer.Read(), ProcText.Pressure(files.TryRead("/proc/pressure/cpu")), ThrottledFlags.Parse(firmware.Ask("get_throttled")));

    /// <summary>Conditions that hold for a whole run; the snapshots are added when it is over.</summary>
    public RunConditions Describe(string onnxRuntimeVersion, ProfileSettings settings)
    {
        var conditions = new RunConditions
        {
            Machine = files.TryRead("/proc/device-tree/model") ?? files.TryRead("/sys/class/dmi/id/product_name"),
            Processor = ProcText.Processor(files.TryRead("/proc/cpuinfo")),
            Processors = Environment.ProcessorCount,
            System = $"{RuntimeInformation.OSDescription}, kernel {files.TryRead("/proc/sys/kernel/osrelease") ?? "unknown"}, {RuntimeInformation.ProcessArchitecture}",
            OnnxRuntimeVersion = onnxRuntimeVersion,
            Governor = files.TryRead("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            LoadAverage = ProcText.LoadAverage(files.TryRead("/proc/loadavg")),
            AvailableMemory = ProcText.Size(files.TryRead("/proc/meminfo"), "MemAvailable") is { } bytes ? new ByteSize(bytes) : null,
            Fingerprint = "",
        };
        return conditions with { Fingerprint = RunFingerprint.Of(conditions, settings) };
    }

    /// <summary>Adds what was read before and after the windows; before the run the pressure of others counts.</summary>
    public static RunConditions Complete(RunConditions conditions, double? idlePressure, ConditionSnapshot before, ConditionSnapshot after) => conditions with
    {
        ClockMhz = Pair(before.ClockMhz, after.ClockMhz),
        TemperatureCelsius = Pair(before.TemperatureCelsius, after.TemperatureCelsius),
        CpuPressurePercent = Pair(idlePressure, after.PressurePercent),
        Throttling = ThrottledFlags.During(before.Throttled, after.Throttled),
    };

    private double? ReadClock() =>
        files.TryReadNumber("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq") is { } kilohertz and > 0
            ? kilohertz / 1000.0
            : ProcText.ClockMhz(files.TryRead("/proc/cpuinfo"));

    private static double[]? Pair(double? before, double? after) => before is { } first && after is { } last ? [first, last] : null;
}
