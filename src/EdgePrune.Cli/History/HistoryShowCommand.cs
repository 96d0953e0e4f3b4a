using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>history show</c>: all that a measurement found.</summary>
internal sealed class HistoryShowCommand : VerbCommand
{
    private readonly Argument<string> _run = new("run") { Description = "Id of the measurement, or its first digits, at least four." };
    private readonly HistorySources _sources;

    public HistoryShowCommand(ToolShell shell)
        : base(shell, "show", "Show the whole report of a kept measurement, as 'profile' did. With --json it is the same report, for --baseline.",
            "edgeprune history show 3f9a0c12")
    {
        Add(_run);
        _sources = new HistorySources(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        await using var histories = _sources.Open(parse, screen.Shell);
        var found = await histories.Finder.FindAsync(parse.GetRequiredValue(_run), cancellationToken).ConfigureAwait(false);
        ProfileView.Print(screen, found.Report);
        screen.Json(found.Report, ContractsJson.Default.ProfileReport);
        return ExitCodes.Done;
    }
}
