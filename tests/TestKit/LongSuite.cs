using System.Diagnostics;
using System.Globalization;

namespace EdgePrune.TestKit;

/// <summary>
/// The tests at scale, which <c>./test --long</c> runs: minutes instead of seconds. Each has a short form that always runs.
/// </summary>
public static class LongSuite
{
    /// <summary>The reason a long test gives when it skips.</summary>
    public const string Reason = "Part of the long suite: ./test --long";

    /// <summary>Whether the environment variable <c>EDGEPRUNE_LONG</c> is 1.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("EDGEPRUNE_LONG") == "1";

    /// <summary>Runs a case for every seed on all processors and says now and then how far it is.</summary>
    /// <param name="what">What runs, for the progress lines.</param>
    /// <param name="count">Number of seeds, from 0.</param>
    /// <param name="run">The case; gives a failure's text, or null.</param>
    /// <returns>The failures, by seed.</returns>
    public static IReadOnlyList<string> ForSeeds(string what, int count, Func<int, string?> run)
    {
        var failures = new SortedDictionary<int, string>();
        var (done, clock) = (0, Stopwatch.StartNew());
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            if (Outcome(run, seed) is { } failure)
            {
                lock (failures)
                {
                    failures[seed] = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {failure}");
                }
            }

            var now = Interlocked.Increment(ref done);
            if (now % Math.Max(1, count / 20) == 0)
            {
                Progress($"{what}: {now} of {count}, {failures.Count} failed, {clock.Elapsed.TotalSeconds:f0} s");
            }
        });
        return [.. failures.Values];
    }

    // An exception is one failure among others: the other seeds still run.
    private static string? Outcome(Func<int, string?> run, int seed)
    {
        try
        {
            return run(seed);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.ToString();
        }
    }

    /// <summary>Writes a line of progress to the standard error stream.</summary>
    /// <param name="line">The line.</param>
    public static void Progress(FormattableString line)
    {
        using var output = new StreamWriter(Console.OpenStandardError());
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
