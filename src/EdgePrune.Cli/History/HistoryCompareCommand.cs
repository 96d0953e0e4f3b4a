using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary><c>history compare</c>: whether a measurement is faster than another.</summary>
internal sealed class HistoryCompareCommand : VerbCommand
{
    private readonly Argument<string> _before = new("before") { Description = "The measurement to compare with: an id, its first digits, or a report file." };
    private readonly Argument<string> _after = new("after") { Description = "The measurement that is faster, slower, or neither for sure." };
    private readonly Option<bool> _across = new("--across-conditions") { Description = "Compare even when machine, system, runtime or settings differ." };
    private readonly HistorySources _sources;

    public HistoryCompareCommand(ToolShell shell)
        : base(shell, "compare", "Say whether a measurement is faster than an earlier one, slower, or neither for sure, with the interval of the ratio. Ids are those of this machine, and with --hub those of its devices.",
            "edgeprune history compare 3f9a0c12 b771e0d4\nedgeprune history compare before.json b771e0d4 --hub http://127.0.0.1:8420")
    {
        Add(_before);
        Add(_after);
        Add(_across);
        _sources = new HistorySources(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        await using var histories = _sources.Open(parse, screen.Shell);
        return await RunComparison.RunAsync(screen, histories, (parse.GetRequiredValue(_before), parse.GetRequiredValue(_after)), parse.GetValue(_across), cancellationToken).ConfigureAwait(false);
    }
}
