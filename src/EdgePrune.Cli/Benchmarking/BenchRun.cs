using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary>Measures the cells of a bench that are not kept yet, in rounds over the models, and puts all together.</summary>
/// <param name="plan">What to measure.</param>
/// <param name="store">Where finished cells are kept.</param>
/// <param name="clock">The clock of the time left.</param>
internal sealed class BenchRun(BenchPlan plan, BenchStore store, TimeProvider clock)
{
    private readonly Dictionary<BenchCell, ProfileReport> _reports = [];
    private readonly Dictionary<BenchCell, EdgePruneException> _failures = [];

    /// <summary>Runs the bench.</summary>
    /// <param name="progress">Told of each cell as it starts, with the time left.</param>
    /// <param name="cancellationToken">Stops; finished cells are kept.</param>
    /// <returns>The report. A cell that failed has a row that says why.</returns>
    public async Task<BenchReport> RunAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(cancellationToken).ConfigureAwait(false);
        List<string> notes = [.. store.Ignored];
        try
        {
            await MeasureAsync(missing, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            notes.AddRange(await LeaveAsync(progress, cancellationToken).ConfigureAwait(false));
        }

        return new BenchReport(1, plan.Rules.Name, plan.Models[0].Name, [.. plan.Cells.Select(Row)], notes);
    }

    private async Task MeasureAsync(IReadOnlyList<(BenchCell Cell, string Key)> missing, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var i = 0; i < missing.Count; i++)
        {
            var (cell, key) = missing[i];
            cancellationToken.ThrowIfCancellationRequested();
            var left = Left(missing, i, clock.GetElapsedTime(start));
            progress.Report($"cell {i + 1} of {missing.Count}: {cell.Name}, about {BenchWords.Rough(left)} left");
            await TryAsync(cell, async () =>
            {
                var report = await cell.Place.MeasureAsync(cell.Model, cell.Settings, cancellationToken).ConfigureAwait(false);
                store.Keep(key, report);
                _reports[cell] = report;
            }).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<string>> LeaveAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        List<string> notes = [];
        foreach (var place in plan.Places)
        {
            try
            {
                if (await place.LeaveAsync(cancellationToken).ConfigureAwait(false) is { } note)
                {
                    notes.Add(note);
                    // A bench that is stopped has no report to stand in.
                    progress.Report(note);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // It was ordered; only nobody waits for it any more. The other places still want to be left.
            }
        }

        return notes;
    }

    private async Task<IReadOnlyList<(BenchCell Cell, string Key)>> MissingAsync(CancellationToken cancellationToken)
    {
        List<(BenchCell, string)> missing = [];
        foreach (var cell in plan.InRounds())
        {
            await TryAsync(cell, async () =>
            {
                var key = cell.Key(plan.Rules.Name, await cell.Place.FingerprintAsync(cell.Settings, cancellationToken).ConfigureAwait(false));
                if (store.Find(key) is { } known)
                {
                    _reports[cell] = known;
                }
                else
                {
                    missing.Add((cell, key));
                }
            }).ConfigureAwait(false);
        }

        return missing;
    }

    // A model that cannot run and a place that does not answer stop only their own cells; a folder that cannot be written stops all.
    private async Task TryAsync(BenchCell cell, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (EdgePruneException e) when (e.Code != ErrorCode.CannotWrite)
        {
            _failures[cell] = e;
        }
    }

    private static TimeSpan Left(IReadOnlyList<(BenchCell Cell, string Key)> missing, int done, TimeSpan elapsed) => done == 0
        ? TimeSpan.FromSeconds(missing.Sum(m => ProfileOptions.About(m.Cell.Settings).TotalSeconds))
        : elapsed / done * (missing.Count - done);

    private BenchRow Row(BenchCell cell)
    {
        var (runs, failure) = Runs(cell);
        var report = failure is null ? BenchRules.Together(runs) : null;
        var (ratio, why) = report is null || cell.Model == plan.Models[0] ? (null, null) : Compare(report, Runs(cell with { Model = plan.Models[0] }));
        return new BenchRow
        {
            Model = cell.Model.Name,
            ModelSha256 = cell.Model.Sha256,
            Place = cell.Place.Name,
            Settings = cell.Settings,
            Report = report,
            Ratio = ratio,
            NotCompared = why,
            InferencesPerSecond = report is null ? null : plan.Rules.PerSecond(runs),
            RulesNotMet = report is null ? null : plan.Rules.Fault(runs),
            ErrorCode = failure is null ? null : (int)failure.Code,
            Error = failure?.Message,
        };
    }

    // All runs of a cell, or why one of them failed.
    private (IReadOnlyList<ProfileReport> Runs, EdgePruneException? Failure) Runs(BenchCell cell)
    {
        BenchCell[] runs = [.. Enumerable.Range(1, plan.Rules.Runs).Select(run => cell with { Run = run })];
        return ([.. runs.Select(_reports.GetValueOrDefault).OfType<ProfileReport>()], runs.Select(_failures.GetValueOrDefault).FirstOrDefault(f => f is not null));
    }

    private static (BoundedRatio? Ratio, string? Why) Compare(ProfileReport report, (IReadOnlyList<ProfileReport> Runs, EdgePruneException? Failure) first) =>
        first.Failure is null ? Compare(report, BenchRules.Together(first.Runs)) : (null, "not compared: the first model has no figures here");

    private static (BoundedRatio? Ratio, string? Why) Compare(ProfileReport report, ProfileReport reference) => reference switch
    {
        _ when report.Conditions.Fingerprint != reference.Conditions.Fingerprint => (null, "not compared: the fingerprints differ"),
        _ when report.Verdict.Validity == RunValidity.Invalid => (null, "not compared: the run is invalid"),
        _ when reference.Verdict.Validity == RunValidity.Invalid => (null, "not compared: the first model's run is invalid"),
        _ => (ReportComparison.Compare(report, reference, acrossConditions: false), null),
    };
}
