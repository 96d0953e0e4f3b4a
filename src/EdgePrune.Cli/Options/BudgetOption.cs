using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>What a model may cost.</summary>
internal sealed class BudgetOption
{
    private readonly Option<string?> _budget = new("--budget")
    {
        Description = "Limits, absolute or relative to the original: latency=50ms,memory=64MiB,file=10%,energy=2mJ,loss=0.5 (loss in points of accuracy; none lifts a limit), or a file that holds them. Default: the target's.",
        HelpName = "LIMITS",
    };

    /// <summary>Adds the option to a verb.</summary>
    public BudgetOption(Command verb) => verb.Add(_budget);

    /// <summary>Whether a budget was stated.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_budget) is not null;

    /// <summary>The budget: what was stated, put over a start.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="start">The budget when nothing is stated.</param>
    /// <exception cref="InputException">The budget cannot be read or met.</exception>
    public Budget Read(ParseResult parse, Budget start) => parse.GetValue(_budget) switch
    {
        null => start,
        var text when File.Exists(text) => BudgetText.LoadFile(text, start),
        var text => BudgetText.Parse(text, start),
    };
}
