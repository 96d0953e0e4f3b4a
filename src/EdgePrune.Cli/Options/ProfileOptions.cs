using System.CommandLine;
using System.CommandLine.Parsing;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>How a model is measured.</summary>
internal sealed class ProfileOptions
{
    private static readonly ProfileSettings Defaults = new();

    private readonly Option<int?> _threads = new("--threads") { Description = "Threads of ONNX Runtime. Default: the target's, else 1.", HelpName = "COUNT" };
    private readonly Option<int> _windows = new("--windows") { Description = "Measuring windows, 5 to 100.", HelpName = "COUNT", DefaultValueFactory = _ => Defaults.Windows };
    private readonly Option<TimeSpan> _window = Duration("--window", "Shortest duration of a window.", Defaults.Window);
    private readonly Option<TimeSpan> _warmup = Duration("--max-warmup", "Longest time spent on finding a steady state.", Defaults.MaxWarmup);
    private readonly Option<int> _runs = new("--min-runs") { Description = "Fewest inferences of a window.", HelpName = "COUNT", DefaultValueFactory = _ => Defaults.MinRunsPerWindow };

    /// <summary>Adds the options to a verb.</summary>
    public ProfileOptions(Command verb)
    {
        verb.Add(_threads);
        verb.Add(_windows);
        verb.Add(_window);
        verb.Add(_warmup);
        verb.Add(_runs);
    }

    /// <summary>The settings.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="target">The target whose threads hold when none are named, or null.</param>
    /// <exception cref="InputException">Some are out of range; the message lists all.</exception>
    public ProfileSettings Read(ParseResult parse, Target? target)
    {
        var settings = new ProfileSettings
        {
            Threads = parse.GetValue(_threads) ?? target?.Threads ?? Defaults.Threads,
            Windows = parse.GetValue(_windows),
            Window = parse.GetValue(_window),
            MaxWarmup = parse.GetValue(_warmup),
            MinRunsPerWindow = parse.GetValue(_runs),
        };
        return settings.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The measuring options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : settings;
    }

    /// <summary>How long a measurement takes about, for the progress line.</summary>
    /// <param name="settings">The settings.</param>
    public static TimeSpan About(ProfileSettings settings) =>
        TimeSpan.FromSeconds(2) + (settings.Windows * settings.Window) + TimeSpan.FromSeconds(Math.Min(3, settings.MaxWarmup.TotalSeconds));

    /// <summary>An option that takes a duration with its unit.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="standard">Its default.</param>
    public static Option<TimeSpan> Duration(string name, string description, TimeSpan standard) => new(name)
    {
        Description = $"{description} [default: {Durations.Print(standard)}]",
        HelpName = "DURATION",
        CustomParser = result => Read(result, name, standard),
        // A default of the parser's own would be shown as hh:mm:ss, which the option does not read.
        DefaultValueFactory = null,
        Arity = ArgumentArity.ExactlyOne,
    };

    private static TimeSpan Read(ArgumentResult result, string name, TimeSpan standard)
    {
        if (result.Tokens is [var token] && Durations.TryParse(token.Value, out var duration))
        {
            return duration;
        }

        result.AddError($"{name} is '{string.Concat(result.Tokens.Select(t => t.Value))}'; write a duration with its unit, such as '500 ms' or '2 s'.");
        return standard;
    }
}
