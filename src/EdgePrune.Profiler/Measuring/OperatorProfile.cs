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
        List<(string Node, string Type, long Start, long Duration)> events = [];
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

        var start = runs[skippedRuns];
        return Attribute(events.Where(e => e.Start >= start), runs.Count - skippedRuns, plain);
    }

    private static void Collect(ProfilerEvent? item, List<long> runs, List<(string, string, long, long)> events)
    {
        if (item is { Category: "Session", Name: "model_run" })
        {
            runs.Add(item.Start);
        }
        else if (item is { Category: "Node", Name: { } name, Args.Operator: { } type } && name.EndsWith(KernelSuffix, StringComparison.Ordinal))
        {
            events.Add((name[..^KernelSuffix.Length], type, item.Start, Math.Max(0, item.Duration)));
        }

        if (events.Count > MaxEvents || runs.Count > MaxEvents)
        {
            throw Unreadable($"it holds more than {MaxEvents} events", inner: null);
        }
    }

    private static List<OperatorTime> Attribute(
        IEnumerable<(string Node, string Type, long Start, long Duration)> events, int runs, TimeSpan plain)
    {
        var nodes = events
            .GroupBy(e => (e.Node, e.Type))
            .Select(g => (g.Key.Node, g.Key.Type, First: g.Min(e => e.Start), Count: g.Count() / (double)runs, Sum: g.Sum(e => e.Duration + TruncationLoss) / runs))
            .OrderBy(n => n.First)
            .ToArray();
        var cost = EventCost([.. nodes.Select(n => (n.Sum, n.Count))], plain.TotalMicroseconds);
        double[] corrected = [.. nodes.Select(n => Math.Max(0, n.Sum - (cost * n.Count)))];
        var total = corrected.Sum();
        return total <= 0
            ? []
            : [.. nodes.Zip(corrected, (n, time) => new OperatorTime(n.Node, n.Type, plain * (time / total), time / total))];
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

    private static DeviceException Unreadable(string why, Exception? inner) => new(
        ErrorCode.MeasurementFailed,
        $"ONNX Runtime's profile cannot be used: {why}. Measure again, or without times of operators.",
        inner);
}
