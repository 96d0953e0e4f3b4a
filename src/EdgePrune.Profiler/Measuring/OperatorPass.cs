using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// A second session with ONNX Runtime's profiler on. It runs after latency and memory have been read: the profiler slows
/// the run and holds all its events in memory.
/// </summary>
internal static class OperatorPass
{
    private const int MostRuns = 50;
    private const int FewestRuns = 5;
    private const int MostSkipped = 5;
    private const long MaxFileBytes = 512L << 20;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<OperatorTime> Measure(string modelPath, ProfileSettings settings, TimeSpan plain)
    {
        var runs = RunsFor(plain);
        var skipped = Math.Min(MostSkipped, runs / 3);
        var folder = Directory.CreateTempSubdirectory("edgeprune-operators-");
        try
        {
            var file = new FileInfo(Record(modelPath, settings, runs, Path.Combine(folder.FullName, "profile")));
            if (file.Length > MaxFileBytes)
            {
                throw new DeviceException(
                    ErrorCode.MeasurementFailed,
                    $"ONNX Runtime's profile has {file.Length} bytes, more than {MaxFileBytes}; measure without times of operators.");
            }

            using var json = file.OpenRead();
            return OperatorProfile.Read(json, skipped, plain);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static int RunsFor(TimeSpan plain) =>
        plain <= TimeSpan.Zero ? MostRuns : (int)Math.Clamp(Budget / plain, FewestRuns, MostRuns);

    private static string Record(string modelPath, ProfileSettings settings, int runs, string prefix)
    {
        using var options = SessionFactory.CreateOptions(settings);
        // The order matters: EnableProfiling takes the prefix that is set at that moment.
        options.ProfileOutputPathPrefix = prefix;
        options.EnableProfiling = true;
        using var session = BoundSession.Open(modelPath, settings, options);
        session.FillInputs(settings.Seed);
        for (var run = 0; run < runs; run++)
        {
            session.Run();
        }

        return session.EndProfiling();
    }
}
