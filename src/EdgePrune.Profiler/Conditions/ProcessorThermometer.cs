namespace EdgePrune.Profiler;

/// <summary>The temperature of the processor, from the kernel's thermal zones.</summary>
internal sealed partial class ProcessorThermometer(SystemFiles files)
{
    private static readonly string[] ProcessorZones = ["cpu-thermal", "cpu_thermal", "x86_pkg_temp", "soc-thermal", "soc_thermal", "cpu", "CPU-therm", "acpitz"];

    /// <summary>Degrees Celsius, or null when no zone of the processor is known. Zone 0 is not always the processor, so the type decides.</summary>
    public double? Read()
    {
        var zones = files.Folders("/sys/class/thermal", "thermal_zone")
            .Select(zone => (Zone: zone, Rank: Array.IndexOf(ProcessorZones, files.TryRead($"{zone}/type"))))
            .Where(z => z.Rank >= 0)
            .OrderBy(z => z.Rank);
        var celsius = zones
            .Select(z => files.TryReadNumber($"{z.Zone}/temp"))
            .FirstOrDefault(t => t is > -50_000 and < 200_000) / 1000.0;
        if (celsius is null)
        {
            ReadBinding(ref celsius);
        }

        return celsius;
    }

    /// <summary>Asks another library, where the build has one (-p:UseIotDeviceBindings=true).</summary>
    static partial void ReadBinding(ref double? celsius);
}
