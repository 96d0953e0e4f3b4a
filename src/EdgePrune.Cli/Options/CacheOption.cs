using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Where measured sensitivity is kept between runs.</summary>
internal sealed class CacheOption
{
    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "Folder in which measured sensitivity is kept and found again. Default: edgeprune/sensitivity in $XDG_CACHE_HOME, or in ~/.cache.",
        HelpName = "FOLDER",
    };

    /// <summary>Adds the option to a verb.</summary>
    public CacheOption(Command verb) => verb.Add(_cache);

    /// <summary>The cache, or null where this machine has no place for one.</summary>
    public SensitivityCache? Open(ParseResult parse, ToolShell shell)
    {
        var home = shell.Environment("HOME") ?? shell.Environment("USERPROFILE");
        var caches = shell.Environment("XDG_CACHE_HOME") is { Length: > 0 } named ? named : string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".cache");
        var folder = parse.GetValue(_cache) ?? (caches is null ? null : Path.Combine(caches, "edgeprune", "sensitivity"));
        return folder is null ? null : new SensitivityCache(folder);
    }
}
