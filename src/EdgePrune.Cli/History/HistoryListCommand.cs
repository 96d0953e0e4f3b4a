using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>history list</c>: which measurements are kept.</summary>
internal sealed class HistoryListCommand : VerbCommand
{
    private const int DefaultCount = 20;

    private readonly RunChoice _choice;
    private readonly HistorySources _sources;

    public HistoryListCommand(ToolShell shell)
        : base(shell, "list", "List kept measurements, the newest first: those of this machine, or with --hub those of its devices.",
            "edgeprune history list --model model.onnx\nedgeprune history list --hub http://127.0.0.1:8420 --device door-camera-7")
    {
        _choice = new RunChoice(this, DefaultCount);
        _sources = new HistorySources(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        await using var histories = _sources.Open(parse, screen.Shell);
        var runs = await _choice.ListAsync(parse, histories, cancellationToken).ConfigureAwait(false);
        HistoryView.Print(screen, runs);
        screen.Json(new RunPage(runs), ContractsJson.Default.RunPage);
        return ExitCodes.Done;
    }
}
