using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary>Says of two kept measurements whether the later one is faster.</summary>
internal static class RunComparison
{
    /// <summary>Compares two measurements.</summary>
    /// <param name="screen">Where the answer goes.</param>
    /// <param name="histories">Where ids are looked up.</param>
    /// <param name="runs">Id, first digits of an id, or report file of each.</param>
    /// <param name="acrossConditions">Whether different fingerprints may be compared.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    /// <exception cref="Contracts.EdgePruneException">One of them is not found, or they do not compare.</exception>
    public static async Task<int> RunAsync(Screen screen, OpenHistories histories, (string Before, string After) runs, bool acrossConditions, CancellationToken cancellationToken)
    {
        var before = await histories.Finder.FindAsync(runs.Before, cancellationToken).ConfigureAwait(false);
        var after = await histories.Finder.FindAsync(runs.After, cancellationToken).ConfigureAwait(false);
        var ratio = ReportComparison.Compare(after.Report, before.Report, acrossConditions);
        HistoryView.Print(screen, before, after, ratio);
        var isSame = after.Report.Conditions.Fingerprint == before.Report.Conditions.Fingerprint;
        screen.Json(new HistoryComparison(before.Name, after.Name, ratio, PairedRatio.Judge(ratio), isSame), CliJson.Default.HistoryComparison);
        return ExitCodes.Done;
    }
}
