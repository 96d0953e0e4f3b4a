using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How channels are chosen.</summary>
internal sealed class PruningOptions
{
    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Share to remove of what --rate-of names, at least 0 and below 1.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => new CompressionOptions().Rate,
    };

    private readonly Option<string> _criterion = new("--criterion")
    {
        Description = $"How channels are ranked: {string.Join(", ", CriterionRegistry.Names)}; auto takes obs with samples and l2 without. taylor and fisher start the training program.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new CompressionOptions().Criterion,
    };

    private readonly Option<double> _maxGroupRate = new("--max-group-rate")
    {
        Description = "Largest share that one group may lose where groups compete.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => new CompressionOptions().MaxGroupRate,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of everything random: the same input, options and seed give the same bytes.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => new CompressionOptions().Seed,
    };

    private readonly ScopeOptions _scope;
    private readonly TargetOption _target;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="hasRate">Whether the verb takes a rate; the tuning loop finds its own.</param>
    public PruningOptions(Command verb, bool hasRate = true)
    {
        if (hasRate)
        {
            verb.Add(_rate);
        }

        _scope = new ScopeOptions(verb);
        verb.Add(_criterion);
        verb.Add(_maxGroupRate);
        verb.Add(_seed);
        _target = new TargetOption(verb);
    }

    /// <summary>The target, or null.</summary>
    public Target? Target(ParseResult parse) => _target.Find(parse);

    /// <summary>The options as the library takes them.</summary>
    /// <exception cref="InputException">Some are out of range; the message lists all.</exception>
    public CompressionOptions Read(ParseResult parse)
    {
        var options = _scope.Read(parse, new CompressionOptions
        {
            Rate = parse.GetValue(_rate),
            Criterion = Criterion(parse.GetRequiredValue(_criterion)),
            MaxGroupRate = parse.GetValue(_maxGroupRate),
            Seed = parse.GetValue(_seed),
            Target = _target.Find(parse),
        });
        return options.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : options;
    }

    // Asked before the model is read: a misspelt name should not wait for it.
    private static string Criterion(string name) => name == CompressionOptions.AutomaticCriterion ? name : CriterionRegistry.Find(name).Name;
}
