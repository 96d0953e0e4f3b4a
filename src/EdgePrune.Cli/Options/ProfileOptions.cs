using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>How a model is measured.</summary>
internal sealed class ProfileOptions
{
    private static readonly ProfileSettings Defaults = new();

    private readonly Option<int?> _threads = new("--threads") { Description = "Threads of ONNX Runtime. Default: the target's, else 1.", HelpName = "COUNT" };
    private readonly Option<int> _windows = new("--windows") { Description = "Measuring windows, 5 to 100.", HelpName = "COUNT", DefaultValueFactory = _ => Defaults.Windows };
    private readonly DurationOption _window;
    private readonly DurationOption _warmup;
    private readonly Option<int> _runs = new("--min-runs") { Description = "Fewest inferences of a window.", HelpName = "COUNT", DefaultValueFactory = _ => Defaults.MinRunsPerWindow };

    /// <summary>Adds the options to a verb.</summary>
    public ProfileOptions(Command verb)
    {
        verb.Add(_threads);
        verb.Add(_windows);
        _window = new DurationOption(verb, "--window", "Shortest duration of a window.", Defaults.Window);
        _warmup = new DurationOption(verb, "--max-warmup", "Longest time spent on finding a steady state.", Defaults.MaxWarmup);
        verb.Add(_runs);
    }

    /// <summary>The settings.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="target">The target whose threads and session hold where nothing else is named, or null.</param>
    /// <exception cref="InputException">Some are out of range; the message lists all.</exception>
    public ProfileSettings Read(ParseResult parse, Target? target)
    {
        var settings = (target?.Session ?? new SessionSettings()).ApplyTo(new ProfileSettings
        {
            Threads = parse.GetValue(_threads) ?? target?.Threads ?? Defaults.Threads,
            Windows = parse.GetValue(_windows),
            Window = _window.Read(parse),
            MaxWarmup = _warmup.Read(parse),
            MinRunsPerWindow = parse.GetValue(_runs),
        });
        return settings.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The measuring options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : settings;
    }

    /// <summary>How long a measurement takes about, for the progress line.</summary>
    /// <param name="settings">The settings.</param>
    public static TimeSpan About(ProfileSettings settings) =>
        TimeSpan.FromSeconds(2) + (settings.Windows * settings.Window) + TimeSpan.FromSeconds(Math.Min(3, settings.MaxWarmup.TotalSeconds));
}
