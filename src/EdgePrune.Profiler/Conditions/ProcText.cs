using System.Globalization;

namespace EdgePrune.Profiler;

/// <summary>Parsers of the kernel's text files. Each gives null for text that is not what it expects.</summary>
internal static class ProcText
{
    private const long Kibibyte = 1024;

    /// <summary>A size such as <c>VmHWM:    1234 kB</c> from <c>/proc/self/status</c> or <c>/proc/meminfo</c>, in bytes.</summary>
    public static long? Size(string? text, string name)
    {
        var value = Value(text, name);
        return value is not null
            && value.EndsWith(" kB", StringComparison.Ordinal)
            && long.TryParse(value.AsSpan(0, value.Length - 3).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            && kilobytes <= long.MaxValue / Kibibyte
            ? kilobytes * Kibibyte
            : null;
    }

    /// <summary>First value of a <c>name : value</c> line.</summary>
    public static string? Value(string? text, string name)
    {
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().SequenceEqual(name))
            {
                var value = line[(colon + 1)..].Trim();
                return value.IsEmpty ? null : value.ToString();
            }
        }

        return null;
    }

    /// <summary>Name of the processor from <c>/proc/cpuinfo</c>: its model name, or on ARM implementer and part.</summary>
    public static string? Processor(string? cpuInfo)
    {
        if (Value(cpuInfo, "model name") is { } name)
        {
            return name;
        }

        var implementer = Value(cpuInfo, "CPU implementer");
        var part = Value(cpuInfo, "CPU part");
        return (implementer, part) switch
        {
            ("0x41", "0xd03") => "ARM Cortex-A53",
            ("0x41", "0xd05") => "ARM Cortex-A55",
            ("0x41", "0xd07") => "ARM Cortex-A57",
            ("0x41", "0xd08") => "ARM Cortex-A72",
            ("0x41", "0xd0b") => "ARM Cortex-A76",
            ("0x41", "0xd42") => "ARM Cortex-A78AE",
            (not null, not null) => $"implementer {implementer} part {part}",
            _ => null,
        };
    }

    /// <summary>Clock of the first core in MHz from <c>/proc/cpuinfo</c> (x64 only).</summary>
    public static double? ClockMhz(string? cpuInfo) => Number(Value(cpuInfo, "cpu MHz"));

    /// <summary>Mean pressure of the last 10 s in percent from <c>/proc/pressure/cpu</c>.</summary>
    public static double? Pressure(string? text) => Number(PressureValue(text, "avg10=")) is { } percent and <= 100 ? percent : null;

    /// <summary>Time in microseconds that at least one task waited since the system started, from a file in <c>/proc/pressure</c>.</summary>
    public static long? StallTotal(string? text) => Count(PressureValue(text, "total="));

    /// <summary>Pages read from and written to swap since the system started, from <c>/proc/vmstat</c>.</summary>
    public static long? SwappedPages(string? text)
    {
        long? pages = null;
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.Split(' ') is ["pswpin" or "pswpout", var count] && Count(count.Trim()) is { } value)
            {
                pages = (pages ?? 0) + value;
            }
        }

        return pages;
    }

    /// <summary>Load average over one minute from <c>/proc/loadavg</c>.</summary>
    public static double? LoadAverage(string? text) => Number(text?.Split(' ')[0]);

    private static string? PressureValue(string? text, string name)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["some", ..] && Array.Find(words, w => w.StartsWith(name, StringComparison.Ordinal)) is { } value)
            {
                return value[name.Length..];
            }
        }

        return null;
    }

    private static long? Count(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
