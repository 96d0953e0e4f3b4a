using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Profiler;

/// <summary>Compares two models in this process: both are loaded and warm before the first round.</summary>
internal sealed class ModelComparison(TimeProvider clock, SystemFiles files, ConditionsReader conditions)
{
    private static readonly TimeSpan LongestBlock = TimeSpan.FromMilliseconds(50);

    public static ModelComparison OnThisMachine()
    {
        var files = new SystemFiles();
        return new ModelComparison(TimeProvider.System, files, ConditionsReader.OnThisMachine(files, new VideoCoreMailbox(), TimeProvider.System));
    }

    public ComparisonReport Compare(string modelPath, string referencePath, ProfileSettings settings)
    {
        MeasurementInput.Require(modelPath, settings);
        MeasurementInput.Require(referencePath, settings);
        NativeEnvironment.DisableTelemetry();
        var startedAt = clock.GetUtcNow();
        var surroundings = conditions.Describe(OrtEnv.Instance().GetVersionString(), settings);
        var idle = conditions.Snapshot();
        var older = SchedulerWait.Threads(files);
        using var model = Open(modelPath, settings);
        using var reference = Open(referencePath, settings);
        using var wait = SchedulerWait.Of(files, older);
        var steady = WarmUp(model, settings) & WarmUp(reference, settings);
        var (first, second) = (TimeOne(model.Run), TimeOne(reference.Run));
        var runs = InterleavedStage.RunsFor(first > second ? first : second, settings.Window / 20 < LongestBlock ? settings.Window / 20 : LongestBlock);
        var before = conditions.Snapshot();
        var stage = new InterleavedStage(clock, runs);
        var waited = wait?.Read();
        var start = clock.GetTimestamp();
        var ratios = Rounds(stage, model.Run, reference.Run, settings);
        var length = clock.GetElapsedTime(start);
        waited = wait?.Read() - waited;
        var complete = conditions.Complete(surroundings, idle, before, conditions.Snapshot()) with
        {
            RunQueuePercent = waited is { } nanoseconds ? SchedulerWait.Percent(nanoseconds, length.TotalNanoseconds) : null,
        };
        var ratio = PairedRatio.Of(ratios, settings.Confidence);
        return new ComparisonReport
        {
            ModelSha256 = ModelMeasurement.Hash(modelPath),
            ReferenceSha256 = ModelMeasurement.Hash(referencePath),
            Settings = settings,
            StartedAt = startedAt,
            Rounds = ratios.Length,
            RunsPerBlock = runs,
            Ratio = ratio,
            ModelP50 = Median(stage.First),
            ReferenceP50 = Median(stage.Second),
            Verdict = PairedRatio.Judge(ratio),
            Conditions = complete,
            Validity = ValidityJudge.JudgeConditions(complete, steady),
        };
    }

    private double[] Rounds(InterleavedStage stage, Action model, Action reference, ProfileSettings settings)
    {
        List<double> ratios = [];
        var length = settings.Windows * settings.Window;
        var start = clock.GetTimestamp();
        while (ratios.Count < PairedRatio.FewestRounds || clock.GetElapsedTime(start) < length)
        {
            ratios.Add(stage.Round(model, reference));
        }

        return [.. ratios];
    }

    private static BoundSession Open(string path, ProfileSettings settings)
    {
        var session = BoundSession.Open(path, settings);
        session.FillInputs(settings.Seed);
        session.Run();
        return session;
    }

    private bool WarmUp(BoundSession session, ProfileSettings settings) =>
        new WarmupStage(clock, WarmupRules.From(settings)).Run(session.Run).SteadyState;

    private TimeSpan TimeOne(Action inference)
    {
        var start = clock.GetTimestamp();
        inference();
        return clock.GetElapsedTime(start);
    }

    private static TimeSpan Median(List<double> nanoseconds)
    {
        double[] sorted = [.. nanoseconds.Order()];
        return TimeSpan.FromTicks((long)Math.Round(LatencySummary.Percentile(sorted, 0.5) / TimeSpan.NanosecondsPerTick));
    }
}
