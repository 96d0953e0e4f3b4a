using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>Keeps what this machine measures.</summary>
internal sealed class HistoryKeeper
{
    private const int Most = 100_000;

    private readonly HistoryFolder _folder;
    private readonly Option<int> _keep = new("--keep-runs")
    {
        Description = "Measurements of this machine that are kept; the oldest beyond that are dropped. 0 does not keep this one.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => HubOptions.DefaultMaxRunsPerDevice,
    };

    /// <summary>Adds the options to a verb.</summary>
    public HistoryKeeper(Command verb)
    {
        _folder = new HistoryFolder(verb);
        verb.Add(_keep);
    }

    /// <summary>The folder of the history, or null where this machine has no place for one.</summary>
    public string? Folder(ParseResult parse, ToolShell shell) => _folder.Find(parse, shell);

    /// <summary>Refuses options that make no sense, before anything is measured.</summary>
    /// <exception cref="InputException">The number is out of range.</exception>
    public void RequireSound(ParseResult parse)
    {
        if (parse.GetValue(_keep) is var keep and (< 0 or > Most))
        {
            throw new InputException(ErrorCode.InvalidOption, $"--keep-runs is {keep}; it must be between 0 and {Most}.");
        }
    }

    /// <summary>Keeps a measurement. What cannot be kept is noted, and is no reason to lose what was measured.</summary>
    /// <returns>What lists tell of it, or null when it is not kept.</returns>
    public async Task<RunSummary?> KeepAsync(ParseResult parse, Screen screen, string model, ProfileReport report)
    {
        var keep = parse.GetValue(_keep);
        if (keep == 0 || Folder(parse, screen.Shell) is not { } folder)
        {
            return null;
        }

        try
        {
            await using var history = LocalHistory.Open(folder, screen.Shell.Clock);
            // Not stopped by Ctrl-C: the measurement is done.
            return await history.KeepAsync(Path.GetFileName(model), report, keep, CancellationToken.None).ConfigureAwait(false);
        }
        catch (InputException e)
        {
            screen.Note($"The measurement is not kept. {e.Message}");
            return null;
        }
    }
}
