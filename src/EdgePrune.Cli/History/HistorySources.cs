using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>Which histories a verb reads: that of this machine, and with <c>--hub</c> that of the hub.</summary>
internal sealed class HistorySources
{
    private readonly OperatorOptions _operator;
    private readonly HistoryFolder _folder;

    /// <summary>Adds the options to a verb.</summary>
    public HistorySources(Command verb)
    {
        _operator = new OperatorOptions(verb, isRequired: false);
        _operator.AddToken(verb);
        _folder = new HistoryFolder(verb);
    }

    /// <summary>Opens the histories.</summary>
    /// <exception cref="InputException">The hub's address or token is wrong, or the folder cannot be used.</exception>
    public OpenHistories Open(ParseResult parse, ToolShell shell)
    {
        var hub = _operator.IsGiven(parse) ? _operator.Connect(parse, shell) : null;
        return new OpenHistories(hub, OpenLocal(_folder.Find(parse, shell), shell));
    }

    /// <summary>The history of a folder, or null when nothing was ever kept there.</summary>
    /// <exception cref="InputException">The folder cannot be used.</exception>
    public static LocalHistory? OpenLocal(string? folder, ToolShell shell) =>
        folder is not null && LocalHistory.Exists(folder) ? LocalHistory.Open(folder, shell.Clock) : null;
}
