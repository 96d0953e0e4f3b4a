using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How much accuracy a series of steps may lose, and how that is told.</summary>
internal sealed class LossLimitOptions
{
    private readonly Option<double?> _maxLoss = new("--max-loss")
    {
        Description = "Stop when the score falls by more than this many points, and keep the last model that is within it. Scored by labels, else by agreement with the original, or by --evaluate.",
        HelpName = "POINTS",
    };

    private readonly EvaluatorOption _evaluator;

    /// <summary>Adds the options to a verb.</summary>
    public LossLimitOptions(Command verb)
    {
        verb.Add(_maxLoss);
        _evaluator = new EvaluatorOption(verb);
    }

    /// <summary>The limit in points, or null.</summary>
    /// <exception cref="InputException">A command to score with is given and no limit.</exception>
    public double? Read(ParseResult parse) => parse.GetValue(_maxLoss) is null && _evaluator.Command(parse) is not null
        ? throw new InputException(ErrorCode.InvalidOption, "--evaluate scores models for a limit, and none is given. Add --max-loss, or leave it out.")
        : parse.GetValue(_maxLoss);

    /// <summary>What scores models.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="model">The bytes of the original.</param>
    /// <param name="data">The samples; the part for tests when there is one.</param>
    /// <exception cref="EdgePruneException">There is nothing to score with, or it cannot be used.</exception>
    public IEvaluator Evaluator(ParseResult parse, ReadOnlyMemory<byte> model, DataOptions data) =>
        Evaluators.For(model, data.OpenForScore(parse), _evaluator.Command(parse));
}
