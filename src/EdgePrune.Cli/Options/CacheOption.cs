using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Where what was measured is kept between runs.</summary>
internal sealed class CacheOption
{
    private readonly Option<string?> _cache;
    private readonly string _kind;

    private CacheOption(Command verb, string kind, string what)
    {
        _kind = kind;
        _cache = new Option<string?>("--cache")
        {
            Description = $"Folder in which {what} kept and found again. Default: edgeprune/{kind} in $XDG_CACHE_HOME, or in ~/.cache.",
            HelpName = "FOLDER",
        };
        verb.Add(_cache);
    }

    /// <summary>Adds the option of measured sensitivity to a verb.</summary>
    public CacheOption(Command verb)
        : this(verb, "sensitivity", "measured sensitivity is")
    {
    }

    /// <summary>Adds the option of studies to a verb.</summary>
    public static CacheOption OfStudies(Command verb) => new(verb, "study", "the last study of each model, which 'advise' uses, is");

    /// <summary>The cache of sensitivity, or null where this machine has no place for one.</summary>
    public SensitivityCache? Open(ParseResult parse, ToolShell shell) => Folder(parse, shell) is { } folder ? new SensitivityCache(folder) : null;

    /// <summary>The cache of studies, or null where this machine has no place for one.</summary>
    public StudyCache? OpenStudies(ParseResult parse, ToolShell shell) => Folder(parse, shell) is { } folder ? new StudyCache(folder) : null;

    private string? Folder(ParseResult parse, ToolShell shell)
    {
        var home = shell.Environment("HOME") ?? shell.Environment("USERPROFILE");
        var caches = shell.Environment("XDG_CACHE_HOME") is { Length: > 0 } named ? named : string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".cache");
        return parse.GetValue(_cache) ?? (caches is null ? null : Path.Combine(caches, "edgeprune", _kind));
    }
}
