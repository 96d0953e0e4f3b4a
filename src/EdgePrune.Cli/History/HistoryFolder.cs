using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary>Where this machine keeps what it measured.</summary>
internal sealed class HistoryFolder
{
    private readonly Option<string?> _folder = new("--history")
    {
        Description = "Folder in which the measurements of this machine are kept. Default: edgeprune/history in $XDG_STATE_HOME, or in ~/.local/state.",
        HelpName = "FOLDER",
    };

    /// <summary>Adds the option to a verb.</summary>
    public HistoryFolder(Command verb) => verb.Add(_folder);

    /// <summary>The folder, or null where this machine has no place for one.</summary>
    public string? Find(ParseResult parse, ToolShell shell)
    {
        var home = shell.Environment("HOME") ?? shell.Environment("USERPROFILE");
        var states = shell.Environment("XDG_STATE_HOME") is { Length: > 0 } named ? named : string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".local", "state");
        return parse.GetValue(_folder) ?? (states is null ? null : Path.Combine(states, "edgeprune", "history"));
    }
}
