using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The target file that keeps the best of a sweep. It is read before the sweep, so that a fault in it costs no work.</summary>
/// <param name="path">The file to write.</param>
/// <param name="target">Name or path of the target that a new file is made from, or null for this machine.</param>
internal sealed class KeptTarget(string path, string? target)
{
    private readonly byte[] _json = TargetStore.Open(path, target);

    /// <summary>Writes the best settings, and says so.</summary>
    /// <exception cref="DeviceException">No trial was good enough to be kept.</exception>
    public void Keep(Screen screen, SweepReport report, string model)
    {
        if (report.Best is not { } best)
        {
            throw new DeviceException(ErrorCode.MeasurementFailed, $"'{path}' was not written, because no trial of the sweep was valid. Measure again on a quiet device.");
        }

        var trial = report.Trials[best];
        var date = trial.StartedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        TargetStore.Write(_json, trial.Settings, $"Swept with '{Path.GetFileName(model)}' on {date}: p50 {ProfileView.Bounded(trial.Latency.P50)}. {report.Reason}", path);
        screen.Note($"Stored in '{path}': {ComparisonView.Settings(trial.Settings)}. 'edgeprune profile', 'tune' and 'study' measure so with --target {path}.");
    }
}
