namespace EdgePrune.Profiler;

/// <summary>
/// Time that the measuring threads were ready to run and waited for a processor, as the kernel's scheduler counts it. Unlike the stall of the
/// whole machine it leaves out tasks of low priority that wait for us: they take nothing from the model.
/// </summary>
/// <remarks>
/// <c>/proc/*/schedstat</c> holds three numbers: nanoseconds on a processor, nanoseconds of waiting in a run queue, and turns
/// (Linux, Documentation/scheduler/sched-stats.rst). Without CONFIG_SCHED_INFO the file is missing or all three are 0.
/// The measuring threads are the calling one and those that came while the session was opened: ONNX Runtime's pool.
/// </remarks>
internal sealed class SchedulerWait : IDisposable
{
    private const string Tasks = "/proc/self/task";

    private readonly KernelNumber[] _threads;
    private readonly long[] _last;

    private SchedulerWait(KernelNumber[] threads)
    {
        _threads = threads;
        _last = new long[threads.Length];
    }

    /// <summary>The threads of this process now.</summary>
    public static IReadOnlyList<string> Threads(SystemFiles files) => files.Folders(Tasks, "");

    /// <summary>Watches the calling thread and all that are newer than a list; null where the kernel does not count.</summary>
    /// <param name="files">The kernel's files.</param>
    /// <param name="older">Threads that do not measure, from <see cref="Threads"/>.</param>
    public static SchedulerWait? Of(SystemFiles files, IReadOnlyList<string> older)
    {
        string[] folders = ["/proc/thread-self", .. Threads(files).Except(older)];
        var wait = new SchedulerWait([.. folders.Select(f => files.TryOpenNumber($"{f}/schedstat")).OfType<KernelNumber>()]);
        if (Counts(files))
        {
            return wait;
        }

        wait.Dispose();
        return null;
    }

    /// <summary>Waiting of all threads since they began, in nanoseconds. A thread that ended keeps what it had.</summary>
    public long Read()
    {
        Span<long> numbers = stackalloc long[3];
        var sum = 0L;
        for (var i = 0; i < _threads.Length; i++)
        {
            if (_threads[i].Read(numbers))
            {
                _last[i] = numbers[1];
            }

            sum += _last[i];
        }

        return sum;
    }

    /// <summary>Waiting in windows as percent of their time, or null when one did not count it. Threads that wait together count each.</summary>
    public static double? Percent(IReadOnlyList<MeasuredWindow> windows, long frequency) =>
        windows.Sum(w => w.To - w.From) is > 0 and var ticks && windows.All(w => w.WaitedNanoseconds is not null)
            ? Percent(windows.Sum(w => w.WaitedNanoseconds!.Value), ticks * 1e9 / frequency)
            : null;

    /// <summary>Waiting as percent of a time, both in nanoseconds.</summary>
    public static double Percent(double waited, double time) => Math.Clamp(100 * waited / time, 0, 100);

    public void Dispose()
    {
        foreach (var thread in _threads)
        {
            thread.Dispose();
        }
    }

    private static bool Counts(SystemFiles files)
    {
        using var own = files.TryOpenNumber("/proc/thread-self/schedstat");
        Span<long> numbers = stackalloc long[3];
        return own is not null && own.Read(numbers) && numbers[2] > 0;
    }
}
