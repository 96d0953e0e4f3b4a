using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>In how many steps a model is pruned.</summary>
internal sealed class StepOptions
{
    private readonly Option<int> _steps = new("--steps")
    {
        Description = "Prune in this many steps; the model is repaired and scored anew after each. Rates are of the original.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => new CompressionOptions().Steps,
    };

    private readonly Option<string> _schedule = new("--schedule")
    {
        Description = "How the rate grows over the steps: linear, or cubic, much at first and ever less.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "linear",
    };

    /// <summary>Adds the options to a verb.</summary>
    public StepOptions(Command verb)
    {
        _schedule.AcceptOnlyFromAmong("linear", "cubic");
        verb.Add(_steps);
        verb.Add(_schedule);
    }

    /// <summary>Puts the options into a compression's.</summary>
    public CompressionOptions Read(ParseResult parse, CompressionOptions options) => options with
    {
        Steps = parse.GetValue(_steps),
        Schedule = parse.GetValue(_schedule) == "cubic" ? PruneSchedule.Cubic : PruneSchedule.Linear,
    };
}
