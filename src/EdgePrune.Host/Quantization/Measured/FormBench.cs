using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>Measures forms of one model on the machine that it runs on, from files of a folder that goes with it.</summary>
/// <param name="profiler">Measures a model, operator by operator.</param>
/// <param name="comparer">Measures two models in turn.</param>
/// <param name="settings">How both measure.</param>
internal sealed class FormBench(IModelProfiler profiler, IModelComparer comparer, ProfileSettings settings) : IDisposable
{
    /// <summary>How often a disturbed profile is made again. <value>3.</value></summary>
    public const int Retries = 3;

    /// <summary>Name of the float form, that all others are compared with.</summary>
    public const string Float = "float";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgeprune-forms-");

    /// <summary>Told of each step as it starts, or null.</summary>
    public required IProgress<string>? Progress { get; init; }

    /// <summary>The clock of waiting for a disturbed machine.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Takes a form.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="model">The form.</param>
    public void Add(string name, Model model) => OnnxFile.Write(model, PathOf(name));

    /// <summary>Profiles a form operator by operator; again where the machine was disturbed, up to <see cref="Retries"/> times.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="title">What it is called in reports of progress.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The report; invalid by its own verdict when all runs were disturbed.</returns>
    public async Task<ProfileReport> ProfileAsync(string name, string title, CancellationToken cancellationToken)
    {
        Progress?.Report($"{title}, operator by operator");
        var report = await profiler.ProfileAsync(PathOf(name), settings, cancellationToken).ConfigureAwait(false);
        for (var retry = 1; retry <= Retries && report.Verdict.Validity == RunValidity.Invalid; retry++)
        {
            Progress?.Report($"the run was disturbed: {string.Join(' ', report.Verdict.Reasons)} Waiting for the machine to settle; then {title} again, {retry} of {Retries}");
            await Task.Delay(TrialRunner.Settling, Clock, cancellationToken).ConfigureAwait(false);
            report = await profiler.ProfileAsync(PathOf(name), settings, cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    /// <summary>Times a form in turn with float, A B B A.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="title">What it is called in reports of progress.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<ComparisonReport> CompareAsync(string name, string title, CancellationToken cancellationToken)
    {
        Progress?.Report($"{title} and float in turn, A B B A");
        return comparer.CompareAsync(PathOf(name), PathOf(Float), settings, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name + ".onnx");
}
