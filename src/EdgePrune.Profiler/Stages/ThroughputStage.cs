using System.Runtime.ExceptionServices;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Counts the inferences of several callers of one session, window by window.</summary>
internal sealed class ThroughputStage(TimeProvider clock, ProfileSettings settings)
{
    public Throughput Run(BoundSession session)
    {
        List<BoundSession> streams = [];
        try
        {
            for (var i = 0; i < settings.Streams; i++)
            {
                var stream = session.Fork(settings);
                streams.Add(stream);
                stream.FillInputs(settings.Seed);
                stream.Run();
            }

            double[] rates = [.. Enumerable.Range(0, settings.Windows).Select(_ => Window([.. streams.Select(s => (Action)s.Run)])).Order()];
            return new Throughput(settings.Streams, LatencySummary.Percentile(rates, 0.5), rates[0], rates[^1]);
        }
        finally
        {
            streams.ForEach(s => s.Dispose());
        }
    }

    /// <summary>
    /// Inferences in a second of one window: each caller runs until the time is over and finishes the run it is in. On a busy machine a caller may
    /// begin after that; it runs once all the same, and the window is longer for it.
    /// </summary>
    internal double Window(IReadOnlyList<Action> streams)
    {
        long runs = 0;
        Exception? failure = null;
        var (start, end) = (0L, 0L);
        // Before any caller goes on: the time that threads take to start is not the window's.
        using var ready = new Barrier(streams.Count, _ =>
        {
            start = clock.GetTimestamp();
            end = start + (long)(settings.Window.TotalSeconds * clock.TimestampFrequency);
        });
        Thread[] threads = [.. streams.Select(stream => new Thread(() =>
        {
            ready.SignalAndWait();
            try
            {
                Interlocked.Add(ref runs, Count(stream, end));
            }
            catch (Exception failed) when (failed is EdgePruneException)
            {
                failure = failed;
            }
        }) { IsBackground = true, Name = "stream" })];
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return runs / clock.GetElapsedTime(start).TotalSeconds;
    }

    private long Count(Action stream, long end)
    {
        long runs = 0;
        do
        {
            stream();
            runs++;
        }
        while (clock.GetTimestamp() < end);
        return runs;
    }
}
