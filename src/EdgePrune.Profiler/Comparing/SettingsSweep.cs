using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Measures one model under several session settings and picks the fastest; among equals the one that costs others least.</summary>
/// <param name="profiler">Measures.</param>
public sealed class SettingsSweep(IModelProfiler profiler)
{
    private static readonly Dictionary<string, Func<ProfileSettings, int, IEnumerable<ProfileSettings>>> Axes = new(StringComparer.Ordinal)
    {
        ["threads"] = (s, processors) => Threads(processors).Select(t => s with { Threads = t }),
        ["spin"] = (s, _) => [s with { Spinning = false }, s with { Spinning = true }],
        ["arena"] = (s, _) => [s with { MemoryArena = true }, s with { MemoryArena = false }],
        ["pattern"] = (s, _) => [s with { MemoryPattern = true }, s with { MemoryPattern = false }],
        ["prepack"] = (s, _) => [s with { Prepacking = true }, s with { Prepacking = false }],
        ["denormals"] = (s, _) => [s with { DenormalsAsZero = false }, s with { DenormalsAsZero = true }],
    };

    /// <summary>Names of the settings that can be swept.</summary>
    public static IReadOnlyCollection<string> Names => Axes.Keys;

    /// <summary>All settings of a sweep, the cheapest of each axis first.</summary>
    /// <param name="start">Settings that are not swept.</param>
    /// <param name="axes">Names of what is swept.</param>
    /// <param name="processors">Number of processors.</param>
    /// <returns>Every combination once.</returns>
    /// <exception cref="InputException">A name is unknown.</exception>
    public static IReadOnlyList<ProfileSettings> Candidates(ProfileSettings start, IReadOnlyList<string> axes, int processors)
    {
        IEnumerable<ProfileSettings> all = [start];
        foreach (var name in axes.Distinct())
        {
            var axis = Axes.GetValueOrDefault(name)
                ?? throw new InputException(ErrorCode.InvalidOption, $"'{name}' cannot be swept. Known settings: {string.Join(", ", Axes.Keys)}.");
            all = [.. all.SelectMany(s => axis(s, processors))];
        }

        // With one thread nobody waits, so spinning changes nothing.
        return [.. all.Where(s => s.Threads > 1 || !s.Spinning || !axes.Contains("spin")).Distinct()];
    }

    /// <summary>Measures all candidates and picks the best.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="candidates">The settings, from <see cref="Candidates"/>.</param>
    /// <param name="progress">Told of each report.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    /// <returns>All reports and the pick.</returns>
    /// <exception cref="EdgePruneException">A measurement failed.</exception>
    public async Task<SweepReport> RunAsync(
        string modelPath, IReadOnlyList<ProfileSettings> candidates, IProgress<ProfileReport>? progress, CancellationToken cancellationToken)
    {
        List<ProfileReport> trials = [];
        foreach (var settings in candidates)
        {
            var report = await profiler.ProfileAsync(modelPath, settings, cancellationToken).ConfigureAwait(false);
            trials.Add(report);
            progress?.Report(report);
        }

        return Pick(trials);
    }

    /// <summary>
    /// The fastest trial; one that comes before it is taken instead when its median may be as small. Invalid runs are not picked.
    /// </summary>
    internal static SweepReport Pick(IReadOnlyList<ProfileReport> trials)
    {
        var usable = trials.Select((t, i) => (Report: t, Place: i)).Where(t => t.Report.Verdict.Validity != RunValidity.Invalid).ToArray();
        if (usable.Length == 0)
        {
            return new SweepReport { Trials = trials, Reason = "No trial was valid; see the reasons of each. Measure again on a quiet device." };
        }

        var fastest = usable.MinBy(t => t.Report.Latency.P50.Estimate);
        var limit = fastest.Report.Latency.P50.Upper ?? fastest.Report.Latency.P50.Estimate;
        var pick = usable.First(t => (t.Report.Latency.P50.Lower ?? t.Report.Latency.P50.Estimate) <= limit);
        var reason = pick.Place == fastest.Place
            ? "Its median is the smallest, and no cheaper setting may be as fast."
            : string.Create(CultureInfo.InvariantCulture, $"Its median may be as small as that of trial {fastest.Place + 1}, the fastest, and it costs less.");
        return new SweepReport { Trials = trials, Best = pick.Place, Reason = reason };
    }

    private static IEnumerable<int> Threads(int processors)
    {
        for (var threads = 1; threads < processors; threads *= 2)
        {
            yield return threads;
        }

        yield return Math.Min(processors, 64);
    }
}
