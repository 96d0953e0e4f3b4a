using System.Diagnostics;
using System.Globalization;
using EdgePrune.Profiler;

namespace EdgePrune.Bench;

/// <summary>
/// Processor time of the power sampler at its highest rate, 100 readings a second, of a monitor that the kernel owns: three small
/// files, here on disk. The same without the sampler is subtracted.
/// </summary>
internal sealed class SamplerCost(TextWriter output)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public void Run()
    {
        var root = Directory.CreateTempSubdirectory("edgeprune-bench-").FullName;
        try
        {
            var hwmon = Directory.CreateDirectory(Path.Combine(root, "sys", "class", "hwmon", "hwmon0")).FullName;
            foreach (var (file, text) in new[] { ("name", "ina226"), ("in1_input", "5000"), ("curr1_input", "1000"), ("update_interval", "2") })
            {
                File.WriteAllText(Path.Combine(hwmon, file), text + "\n");
            }

            var sensor = new FastSensor(HwmonPowerSensor.Find(new SystemFiles(root))!);
            using var sampler = new PowerSampler(sensor, TimeProvider.System);
            sampler.Idle(TimeSpan.FromSeconds(1));
            var without = CpuOf(sampler);
            sampler.Start();
            sampler.Idle(TimeSpan.FromSeconds(1));
            var before = sampler.Samples().Count;
            var with = CpuOf(sampler);
            var rate = (sampler.Samples().Count - before) / Length.TotalSeconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Sampler: {100 * (with - without) / Length:0.00} % of one processor at {rate:0} readings a second. Goal: below 1 %."));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static TimeSpan CpuOf(PowerSampler sampler)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        sampler.Idle(Length);
        process.Refresh();
        return process.TotalProcessorTime - before;
    }

    /// <summary>The kernel's sensor without its own shortest period.</summary>
    private sealed class FastSensor(HwmonPowerSensor inner) : IPowerSensor
    {
        public string Source => inner.Source;
        public bool Estimated => inner.Estimated;
        public TimeSpan Period => PowerSampler.ShortestPeriod;
        public TimeSpan Lag => inner.Lag;
        public PowerReading Read() => inner.Read();
        public void Dispose() => inner.Dispose();
    }
}
