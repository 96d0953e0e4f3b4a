using System.Collections.Concurrent;
using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>The table of trials: live on a terminal, a line for each step and trial elsewhere.</summary>
internal sealed class TuningView(Screen screen, int maxRuns)
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<TuningEvent> _events = new();
    private readonly long _start = screen.Shell.Clock.GetTimestamp();
    private double _originalScore;
    private int _runs;

    /// <summary>Runs the search and shows it.</summary>
    /// <param name="search">The search; it reports as it goes.</param>
    /// <returns>What it found.</returns>
    public Task<TuningResult> RunAsync(Func<IProgress<TuningEvent>, Task<TuningResult>> search) => screen.IsLive ? RunLiveAsync(search) : RunPlainAsync(search);

    private async Task<TuningResult> RunPlainAsync(Func<IProgress<TuningEvent>, Task<TuningResult>> search)
    {
        var table = NewTable();
        var result = await search(new Reporter(happened => PlainLine(table, happened))).ConfigureAwait(false);
        screen.Say();
        screen.Show(table);
        return result;
    }

    // Reports come from the search's own thread, one after the other.
    private void PlainLine(Table table, TuningEvent happened)
    {
        if (happened is TuningEvent.StepStarted step)
        {
            screen.Note($"  {step.Text}");
        }
        else if (happened is TuningEvent.TrialFinished { Trial: var trial })
        {
            AddRow(table, trial);
            screen.Note($"{string.Join("  ", Cells(trial))}{Failure(trial)}");
        }
    }

    private Task<TuningResult> RunLiveAsync(Func<IProgress<TuningEvent>, Task<TuningResult>> search)
    {
        var table = screen.Dress(NewTable());
        return screen.Results.Live(table).StartAsync(async live =>
        {
            var step = "";
            // The search computes elsewhere, so that the table moves meanwhile.
            var running = Task.Run(() => search(new Reporter(_events.Enqueue)));
            while (await Task.WhenAny(running, Task.Delay(Redraw, screen.Shell.Clock)).ConfigureAwait(false) != running)
            {
                step = Drain(table, step);
                table.Caption = new TableTitle(Markup.Escape($"{step} ({TimeLeft()})"));
                live.Refresh();
            }

            Drain(table, step);
            table.Caption = null;
            live.Refresh();
            return await running.ConfigureAwait(false);
        });
    }

    private string Drain(Table table, string step)
    {
        while (_events.TryDequeue(out var happened))
        {
            if (happened is TuningEvent.StepStarted started)
            {
                step = started.Text;
            }
            else if (happened is TuningEvent.TrialFinished finished)
            {
                AddRow(table, finished.Trial);
            }
        }

        return step;
    }

    // The search may end before its last run, so this is the longest it takes at the pace so far.
    private string TimeLeft()
    {
        var elapsed = screen.Shell.Clock.GetElapsedTime(_start);
        return _runs == 0 ? $"{elapsed.TotalSeconds:0} s" : $"{elapsed.TotalSeconds:0} s, at most {elapsed.TotalSeconds / _runs * Math.Max(0, maxRuns - _runs):0} s left";
    }

    private static Table NewTable() =>
        new Table().AddColumns("Trial", "Rate", "Precision", "Parameters", "File", "Score", "Lost", "p95 (upper bound)", "Memory", "Verdict");

    private void AddRow(Table table, Trial trial)
    {
        _runs += trial.Profile is null ? 0 : 1;
        table.AddRow([.. Cells(trial).Select(c => new Markup(Markup.Escape(c)))]);
    }

    private IReadOnlyList<string> Cells(Trial trial)
    {
        if (trial.Index == 0)
        {
            _originalScore = trial.Score;
        }

        return
        [
            trial.Index == 0 ? "original" : trial.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Numbers.Rate(trial.Rate),
            PrecisionTable.Of(trial.Precision).Name,
            Numbers.Count(trial.Parameters),
            trial.FileSize.ToString(),
            Numbers.Points(trial.Score),
            Numbers.Points(_originalScore - trial.Score),
            trial.Profile?.Latency.P95 is { } p95 ? $"{Durations.Print(p95.Estimate)} ({(p95.Upper is { } upper ? Durations.Print(upper) : "none")})" : "-",
            trial.Profile?.Memory.PeakResident.ToString() ?? "-",
            Verdict(trial),
        ];
    }

    private static string Verdict(Trial trial) => trial.Status switch
    {
        TrialStatus.MeetsBudget => "meets the budget",
        TrialStatus.FailedOnDevice => "failed on the device",
        TrialStatus.RefusedByHost => $"not sent: {Broken(trial)}",
        _ when trial.Failure is not null => "invalid run",
        _ => $"over: {Broken(trial)}",
    };

    private static string Broken(Trial trial) =>
        trial.Checks.Where(c => !c.Met).Select(c => c.Name).DefaultIfEmpty("no run left").Aggregate((a, b) => $"{a}, {b}");

    private static string Failure(Trial trial) => trial.Failure is null ? "" : $"  {trial.Failure}";

    private sealed class Reporter(Action<TuningEvent> report) : IProgress<TuningEvent>
    {
        public void Report(TuningEvent value) => report(value);
    }
}
