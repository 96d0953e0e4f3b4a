using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Reads ONNX Runtime's profile and divides the time that was measured without the profiler among the operators.
/// The profiler costs 8 to 15 µs an event and truncates to whole microseconds, so its sum is not the model's latency:
/// each event gets half a microsecond back, then the same cost is taken from all until the sum is the plain total,
/// and what is below it is scaled up.
/// </summary>
internal static class OperatorProfile
{
    public const int MaxEvents = 1_000_000;
    private const string KernelSuffix = "_kernel_time";
    private const double TruncationLoss = 0.5;

    /// <summary>Reads a profile without holding it in memory.</summary>
    /// <param name="json">The profile: an array of events.</param>
    /// <param name="skippedRuns">Number of first runs to leave out: they are not warm.</param>
    /// <param name="plain">Time of one run without the profiler.</param>
    public static IReadOnlyList<OperatorTime> Read(Stream json, int skippedRuns, TimeSpan plain)
    {
        List<long> runs = [];
        List<OperatorEvent> events = [];
        try
        {
            foreach (var item in JsonSerializer.DeserializeAsyncEnumerable(json, ProfilerJson.Default.ProfilerEvent).ToBlockingEnumerable())
            {
                Collect(item, runs, events);
            }
        }
        catch (JsonException damage)
        {
            throw Unreadable($"it is damaged ({damage.Message})", damage);
        }

        runs.Sort();
        if (runs.Count <= skippedRuns)
        {
            throw Unreadable($"it holds {runs.Count} runs, expected more than {skippedRuns}", inner: null);
        }

        long[] warm = [.. runs.Skip(skippedRuns)];
        var live = LiveBytes([.. events.Where(e => runs.Count == 1 || e.Start < runs[1]).OrderBy(e => e.Start)]);
        return [.. Attribute(events.Where(e => e.Start >= warm[0]), warm, plain)
            .Select(o => o.Time with { Memory = MemoryOf(o.Details, live.GetValueOrDefault(o.Time.Node)) })];
    }

    private static void Collect(ProfilerEvent? item, List<long> runs, List<OperatorEvent> events)
    {
        if (item is { Category: "Session", Name: "model_run" })
        {
            runs.Add(item.Start);
        }
        else if (item is { Category: "Node", Name: { } name, Args: { Operator: { } type } details } && name.EndsWith(KernelSuffix, StringComparison.Ordinal))
        {
            events.Add(new OperatorEvent(name[..^KernelSuffix.Length], type, item.Start, Math.Max(0, item.Duration), details));
        }

        if (events.Count > MaxEvents || runs.Count > MaxEvents)
        {
            throw Unreadable($"it holds more than {MaxEvents} events", inner: null);
        }
    }

    // In the first run the plan of the memory is not made yet, so each operator takes what it needs from the arena. Later the whole plan is one block.
    private static Dictionary<string, long?> LiveBytes(IReadOnlyList<OperatorEvent> first)
    {
        Dictionary<string, long?> live = new(StringComparer.Ordinal);
        if (first is [{ Details: { InUse: { } inUse, Added: { } added } }, ..])
        {
            foreach (var one in first)
            {
                live.TryAdd(one.Node, one.Details.InUse is { } now ? Math.Max(0, now - (inUse - added)) : null);
            }
        }

        return live;
    }

    private static OperatorMemory? MemoryOf(ProfilerEventDetails details, long? live) =>
        details is { Inputs: >= 0 and { } inputs, Parameters: >= 0 and { } parameters, Outputs: >= 0 and { } outputs }
            ? new OperatorMemory(new(inputs), new(parameters), new(outputs), live is { } bytes ? new ByteSize(bytes) : null)
            : null;

    private static List<(OperatorTime Time, ProfilerEventDetails Details)> Attribute(IEnumerable<OperatorEvent> events, long[] runs, TimeSpan plain)
    {
        var nodes = events
            .GroupBy(e => (e.Node, e.Type))
            .Select(g => (g.Key.Node, g.Key.Type, First: g.Min(e => e.Start), g.First().Details, Count: g.Count() / (double)runs.Length, Sum: TimeOfARun(g, runs)))
            .OrderBy(n => n.First)
            .ToArray();
        var cost = EventCost([.. nodes.Select(n => (n.Sum, n.Count))], plain.TotalMicroseconds);
        double[] corrected = [.. nodes.Select(n => Math.Max(0, n.Sum - (cost * n.Count)))];
        var total = corrected.Sum();
        return total <= 0
            ? []
            : [.. nodes.Zip(corrected, (n, time) => (new OperatorTime(n.Node, n.Type, plain * (time / total), time / total), n.Details))];
    }

    // The middle half of the runs counts: a run that other work interrupted for milliseconds would be most of a plain mean.
    private static double TimeOfARun(IEnumerable<OperatorEvent> events, long[] runs)
    {
        var sums = new double[runs.Length];
        foreach (var one in events)
        {
            var place = Array.BinarySearch(runs, one.Start);
            sums[place >= 0 ? place : ~place - 1] += one.Duration + TruncationLoss;
        }

        Array.Sort(sums);
        var quarter = sums.Length / 4;
        return sums[quarter..^quarter].Average();
    }

    /// <summary>The cost c of an event for which Σ max(0, sum − c·count) is the plain total; 0 when the sum is not above it.</summary>
    internal static double EventCost((double Sum, double Count)[] nodes, double plainMicroseconds)
    {
        if (nodes.Sum(n => n.Sum) <= plainMicroseconds)
        {
            return 0;
        }

        var (low, high) = (0.0, nodes.Max(n => n.Sum / n.Count));
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            var rest = nodes.Sum(n => Math.Max(0, n.Sum - (middle * n.Count)));
            (low, high) = rest > plainMicroseconds ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>One run of one operator; times in microseconds.</summary>
    private sealed record OperatorEvent(string Node, string Type, long Start, long Duration, ProfilerEventDetails Details);

    private static DeviceException Unreadable(string why, Exception? inner) => new(
        ErrorCode.MeasurementFailed,
        $"ONNX Runtime's profile cannot be used: {why}. Measure again, or without times of operators.",
        inner);
}
