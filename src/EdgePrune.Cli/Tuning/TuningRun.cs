using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Runs a search, shows it as it goes, writes what it found and says so.</summary>
/// <param name="screen">Where it is shown.</param>
internal sealed class TuningRun(Screen screen)
{
    /// <summary>Runs the search.</summary>
    /// <param name="job">What is searched.</param>
    /// <param name="device">What measures.</param>
    /// <param name="bundler">What signs.</param>
    /// <param name="cancellationToken">Stops the search; nothing is written then.</param>
    /// <returns>The report.</returns>
    public async Task<TuningReport> RunAsync(TuningJob job, IDeviceClient device, IBundler bundler, CancellationToken cancellationToken)
    {
        TuningOutputs.MakeFolder(job.OutputFolder);
        var loop = new TuningLoop(device, bundler, job.Evaluator, screen.Shell.Clock) { Trainer = job.Trainer, HeldOut = job.HeldOut };
        var view = new TuningView(screen, job.Start.Options.MaxDeviceRuns);
        var result = await view.RunAsync(progress => loop.RunAsync(job.Start, progress, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var files = TuningOutputs.Write(job.OutputFolder, job.Start.Model, result);
        VerdictView.Print(screen, result.Report);
        screen.Say();
        screen.Say($"Written to {job.OutputFolder}: {string.Join(", ", files)}");
        screen.Json(result.Report, HostJson.Default.TuningReport);
        return result.Report;
    }

    /// <summary>Runs the search on this machine, with a hub in the tool and an agent process that live as long.</summary>
    /// <param name="job">What is searched.</param>
    /// <param name="target">The target that the agent stands for.</param>
    /// <param name="name">Name of the model line.</param>
    /// <param name="cancellationToken">Stops the search; nothing is written then.</param>
    /// <returns>The report.</returns>
    /// <exception cref="EdgePruneException">The hub or the agent cannot be started.</exception>
    public async Task<TuningReport> RunHereAsync(TuningJob job, Target target, string name, CancellationToken cancellationToken)
    {
        screen.Note("Starting a hub and an agent on this machine.");
        StateFolder.MakeAnew(job.StateFolder);
        await using var fleet = await LocalFleet.StartAsync(job.StateFolder, target.Name, screen.Shell, cancellationToken).ConfigureAwait(false);
        var bundler = new ModelBundler(fleet.Key, new BundlerOptions { Name = name, Targets = [target.Name] }, new VersionSequence(), screen.Shell.Clock);
        return await RunAsync(job, fleet.Device(), bundler, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The exit code a search ends with.</summary>
    /// <param name="report">What it found.</param>
    public static int ExitCode(TuningReport report) => VerdictView.Active(report)?.Status == TrialStatus.MeetsBudget ? ExitCodes.Done : ExitCodes.Infeasible;
}
