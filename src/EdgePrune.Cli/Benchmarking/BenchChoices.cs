using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Which settings a bench measures under, and by which rules.</summary>
internal sealed class BenchChoices
{
    private static readonly Dictionary<string, bool> Spins = new(StringComparer.Ordinal) { ["off"] = false, ["on"] = true };

    private readonly Option<string> _threads = CommaList.Option("--threads", "Threads of ONNX Runtime, separated by commas.", "1");
    private readonly Option<string> _spin = CommaList.Option("--spin", "Whether waiting threads spin: off, on, or both. One thread never waits, so it is measured only once.", "off");
    private readonly Option<string> _rules = new("--rules")
    {
        Description = "How long is measured. 'default' as profile does. 'mlperf-tiny' in the style of MLPerf Tiny's run rules: single stream, batches of one, five runs of at least 10 seconds and 10 inferences, and the median of their rates as a figure of its own; no official result, for the models, the accuracy run, the runner and the review are missing.",
        HelpName = "NAME",
        DefaultValueFactory = _ => BenchRules.Default.Name,
    };

    private readonly Option<int?> _windows = new("--windows") { Description = "Measuring windows of a cell, 5 to 100. Default: the rules'.", HelpName = "COUNT" };
    private readonly Option<string?> _window = new("--window") { Description = "Shortest duration of a window, such as 500ms. Default: the rules'.", HelpName = "DURATION" };
    private readonly DurationOption _warmup;
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the order in which models follow each other.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };

    /// <summary>Adds the options to a verb.</summary>
    public BenchChoices(Command verb)
    {
        foreach (var option in new Option[] { _threads, _spin, _rules, _windows, _window })
        {
            verb.Add(option);
        }

        _warmup = new DurationOption(verb, "--max-warmup", "Longest time spent on finding a steady state.", new ProfileSettings().MaxWarmup);
        verb.Add(_seed);
    }

    /// <summary>Seed of the order.</summary>
    public int Seed(ParseResult parse) => parse.GetValue(_seed);

    /// <summary>The rules, with the windows that were asked for.</summary>
    /// <exception cref="InputException">They are unknown, or do not go with other windows.</exception>
    public BenchRules Rules(ParseResult parse)
    {
        var name = parse.GetRequiredValue(_rules);
        var rules = BenchRules.All.GetValueOrDefault(name)
            ?? throw new InputException(ErrorCode.InvalidOption, $"--rules is '{name}'; known are {string.Join(", ", BenchRules.All.Keys)}.");
        if (rules.IsInStyleOfMlperf && GivenOptions.Among(parse, _windows, _window) is { } given)
        {
            throw new InputException(ErrorCode.InvalidOption, $"{given.Name} does not go with --rules {name}, which fix the windows. Leave one of them out.");
        }

        return rules with { Windows = parse.GetValue(_windows) ?? rules.Windows, Window = Window(parse) ?? rules.Window };
    }

    /// <summary>Every combination once.</summary>
    /// <exception cref="InputException">Some are unknown or out of range.</exception>
    public IReadOnlyList<ProfileSettings> Settings(ParseResult parse, BenchRules rules)
    {
        var start = rules.Settings(_warmup.Read(parse));
        var threads = CommaList.Numbers<int>(parse, _threads);
        var spins = CommaList.Names(parse, _spin, Spins);
        if (threads.Count == 0 || spins.Count == 0)
        {
            throw new InputException(ErrorCode.InvalidOption, $"{(threads.Count == 0 ? "--threads" : "--spin")} names nothing. Give at least one value, or leave the option out.");
        }

        ProfileSettings[] all = [.. from t in threads from s in spins where !s || t > 1 || !spins.Contains(false) select start with { Threads = t, Spinning = s }];
        string[] faults = [.. all.SelectMany(s => s.Validate()).Distinct()];
        return faults.Length > 0
            ? throw new InputException(ErrorCode.InvalidOption, $"The measuring options have {faults.Length} fault(s): {string.Join(' ', faults)} Correct them.")
            : [.. all.Distinct()];
    }

    private TimeSpan? Window(ParseResult parse) => parse.GetValue(_window) switch
    {
        null => null,
        var text when Durations.TryParse(text, out var window) => window,
        var text => throw new InputException(ErrorCode.InvalidOption, $"--window is '{text}'; write a duration with its unit, such as '500ms' or '2s'."),
    };
}
