using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>history plot</c>: the median over time, for each model on each device.</summary>
internal sealed class HistoryPlotCommand : VerbCommand
{
    private const int DefaultCount = 1000;

    private readonly RunChoice _choice;
    private readonly HistorySources _sources;
    private readonly OutputOptions _output;

    public HistoryPlotCommand(ToolShell shell)
        : base(shell, "plot", "Draw the median latency over time, a figure for each model on each device, as a page that stands alone. Choose measurements as with 'list'.",
            "edgeprune history plot --output history.html\nedgeprune history plot --hub http://127.0.0.1:8420 --device door-camera-7 --force")
    {
        _choice = new RunChoice(this, DefaultCount);
        _sources = new HistorySources(this);
        _output = new OutputOptions(this, "The page to write. Default: history.html.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var path = _output.PathOr(parse, "history.html");
        await using var histories = _sources.Open(parse, screen.Shell);
        var runs = await _choice.ListAsync(parse, histories, cancellationToken).ConfigureAwait(false);
        WholeFile.Write(path, HistoryHtml.Render(runs));
        screen.Say($"{runs.Count} measurement(s) drawn in {path}.");
        screen.Json(new RunPage(runs), ContractsJson.Default.RunPage);
        return ExitCodes.Done;
    }
}
