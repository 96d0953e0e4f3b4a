using System.Runtime.CompilerServices;

namespace EdgePrune.Profiler;

/// <summary>Times the runs of one window after another into memory that exists before the first.</summary>
internal sealed class WindowStage
{
    private readonly TimeProvider _clock;
    private readonly WindowRules _rules;
    private readonly RunTimes[] _times;

    /// <summary>Marks each window for an external analyser; null marks none.</summary>
    public WindowMarker? Marker { get; init; }

    /// <summary>Waits between two runs, outside of what is timed; null for one run right after another.</summary>
    public Pacer? Pacer { get; init; }

    /// <summary>Makes the memory of all windows, so that it belongs to the baseline of the memory figures.</summary>
    public WindowStage(TimeProvider clock, WindowRules rules, int windows)
    {
        _clock = clock;
        _rules = rules;
        _times = [.. Enumerable.Range(0, windows).Select(_ => new RunTimes(rules.Capacity))];
    }

    /// <summary>Runs all windows.</summary>
    /// <param name="inference">One inference.</param>
    /// <param name="waited">Nanoseconds that the measuring threads waited for a processor since they began, or null when nobody counts them.</param>
    public IReadOnlyList<MeasuredWindow> Run(Action inference, Func<long>? waited = null) => [.. _times.Select(times => RunOne(inference, times, waited))];

    private MeasuredWindow RunOne(Action inference, RunTimes times, Func<long>? waited)
    {
        times.Clear();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // The caches that the collection emptied are filled again before the clock counts.
        inference();
        Marker?.Begin();

        var waiting = waited?.Invoke();
        var collections = GC.CollectionCount(0);
        var start = _clock.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Fill(inference, times, start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var end = _clock.GetTimestamp();
        waiting = waited?.Invoke() - waiting;
        Marker?.End();
        return new MeasuredWindow(times, start, end, allocated, GC.CollectionCount(0) - collections)
        {
            WaitedNanoseconds = waiting,
        };
    }

    // Compiled once and fully: tiered compilation replacing the loop half-way would look like drift.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(Action inference, RunTimes times, long start)
    {
        var due = start + (long)(_rules.Duration.TotalSeconds * _clock.TimestampFrequency);
        long end;
        do
        {
            Pacer?.Next();
            var before = _clock.GetTimestamp();
            inference();
            end = _clock.GetTimestamp();
            times.Add(end - before);
        }
        // Before the window's duration has passed, nothing ends it.
        while (end < due || !_rules.IsComplete(times.Count, _clock.GetElapsedTime(start, end)));
    }
}
