using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Cli;

/// <summary>This machine; every measurement has a process of its own.</summary>
/// <param name="profiler">Measures.</param>
/// <param name="fingerprint">The fingerprint that a report under some settings will have.</param>
internal sealed class LocalPlace(IModelProfiler profiler, Func<ProfileSettings, string> fingerprint) : IBenchPlace
{
    /// <inheritdoc/>
    public string Name => "this machine";

    /// <summary>The machine that this process runs on.</summary>
    /// <param name="clock">The clock of time limits.</param>
    public static LocalPlace OfThisMachine(TimeProvider clock)
    {
        var conditions = ConditionsReader.OnThisMachine(new SystemFiles(), new VideoCoreMailbox(), clock);
        return new LocalPlace(
            new ChildProcessProfiler(MeasuringProgram.Current()) { Clock = clock },
            settings => conditions.Describe(OrtEnv.Instance().GetVersionString(), settings).Fingerprint);
    }

    /// <inheritdoc/>
    public Task<string> FingerprintAsync(ProfileSettings settings, CancellationToken cancellationToken) => Task.FromResult(fingerprint(settings));

    /// <inheritdoc/>
    public Task<ProfileReport> MeasureAsync(BenchModel model, ProfileSettings settings, CancellationToken cancellationToken) =>
        profiler.ProfileAsync(model.Path, settings, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> LeaveAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
