using System.Runtime.CompilerServices;

namespace EdgePrune.Profiler;

/// <summary>Times the runs of one window after another into buffers that exist before the first.</summary>
internal sealed class WindowStage
{
    private readonly TimeProvider _clock;
    private readonly WindowRules _rules;
    private readonly long[][] _buffers;

    /// <summary>Marks each window for an external analyser; null marks none.</summary>
    public WindowMarker? Marker { get; init; }

    /// <summary>Waits between two runs, outside of what is timed; null for one run right after another.</summary>
    public Pacer? Pacer { get; init; }

    /// <summary>Allocates and touches the buffers, so that they belong to the baseline of the memory figures.</summary>
    public WindowStage(TimeProvider clock, WindowRules rules, int windows)
    {
        _clock = clock;
        _rules = rules;
        _buffers = [.. Enumerable.Range(0, windows).Select(_ => GC.AllocateUninitializedArray<long>(rules.Capacity))];
        foreach (var buffer in _buffers)
        {
            Array.Fill(buffer, -1);
        }
    }

    /// <summary>Runs all windows.</summary>
    /// <param name="inference">One inference.</param>
    /// <param name="waited">Nanoseconds that the measuring threads waited for a processor since they began, or null when nobody counts them.</param>
    public IReadOnlyList<MeasuredWindow> Run(Action inference, Func<long>? waited = null) => [.. _buffers.Select(buffer => RunOne(inference, buffer, waited))];

    private MeasuredWindow RunOne(Action inference, long[] buffer, Func<long>? waited)
    {
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
        var runs = Fill(inference, buffer, start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var end = _clock.GetTimestamp();
        waiting = waited?.Invoke() - waiting;
        Marker?.End();
        return new MeasuredWindow(new ArraySegment<long>(buffer, 0, runs), start, end, allocated, GC.CollectionCount(0) - collections)
        {
            WaitedNanoseconds = waiting,
        };
    }

    // Compiled once and fully: tiered compilation replacing the loop half-way would look like drift.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Fill(Action inference, long[] buffer, long start)
    {
        var runs = 0;
        var due = start + (long)(_rules.Duration.TotalSeconds * _clock.TimestampFrequency);
        long end;
        do
        {
            Pacer?.Next();
            var before = _clock.GetTimestamp();
            inference();
            end = _clock.GetTimestamp();
            buffer[runs++] = end - before;
        }
        // Before the window's duration has passed, only a full buffer can end it.
        while (runs < _rules.Capacity && (end < due || !_rules.IsComplete(runs, _clock.GetElapsedTime(start, end))));

        return runs;
    }
}
