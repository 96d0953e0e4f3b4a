using System.CommandLine;
using System.CommandLine.Parsing;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>An option that takes a duration with its unit, and shows its default the same way.</summary>
internal sealed class DurationOption
{
    private readonly Option<TimeSpan?> _option;
    private readonly TimeSpan _standard;

    /// <summary>Adds the option to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="standard">Its default.</param>
    public DurationOption(Command verb, string name, string description, TimeSpan standard)
    {
        _standard = standard;
        _option = new Option<TimeSpan?>(name)
        {
            Description = $"{description} [default: {Durations.Print(standard)}]",
            HelpName = "DURATION",
            CustomParser = result => Parse(result, name),
        };
        verb.Add(_option);
    }

    /// <summary>The duration that was given, or the default.</summary>
    public TimeSpan Read(ParseResult parse) => parse.GetValue(_option) ?? _standard;

    private static TimeSpan? Parse(ArgumentResult result, string name)
    {
        var text = string.Concat(result.Tokens.Select(t => t.Value));
        if (Durations.TryParse(text, out var duration))
        {
            return duration;
        }

        result.AddError($"{name} is '{text}'; write a duration with its unit, such as '500ms' or '2s'.");
        return null;
    }
}
