using System.Diagnostics;

namespace EdgePrune.Profiler;

/// <summary>Memory of this process in bytes.</summary>
internal sealed record ProcessMemory(long Resident, long Peak, long Anonymous, long FileBacked)
{
    /// <summary>Parses <c>/proc/self/status</c>; null when one of the four values is missing.</summary>
    public static ProcessMemory? Parse(string? status) =>
        ProcText.Size(status, "VmRSS") is { } resident
        && ProcText.Size(status, "VmHWM") is { } peak
        && ProcText.Size(status, "RssAnon") is { } anonymous
        && ProcText.Size(status, "RssFile") is { } fileBacked
            ? new ProcessMemory(resident, peak, anonymous, fileBacked)
            : null;

    /// <summary>Reads this process's memory; elsewhere than on Linux the kinds of pages are not known and count as anonymous.</summary>
    public static ProcessMemory Read(SystemFiles files)
    {
        if (Parse(files.TryRead("/proc/self/status")) is { } memory)
        {
            return memory;
        }

        using var process = Process.GetCurrentProcess();
        return new ProcessMemory(process.WorkingSet64, process.PeakWorkingSet64, process.WorkingSet64, 0);
    }

    /// <summary>Makes the present size the peak, where the kernel allows it; otherwise the peak includes the start-up.</summary>
    public static void ResetPeak()
    {
        const string Path = "/proc/self/clear_refs";
        if (!OperatingSystem.IsLinux() || !File.Exists(Path))
        {
            return;
        }

        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Write);
            file.Write("5"u8);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Some containers forbid it. The peak then counts the start-up too, which can only make the figure larger.
        }
    }
}
