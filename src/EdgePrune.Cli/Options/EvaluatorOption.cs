using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary>The user's own way to score a model.</summary>
internal sealed class EvaluatorOption
{
    private readonly Option<string?> _evaluate = new("--evaluate")
    {
        Description = "A command that prints a score in points, higher is better; {model} stands for the model's path.",
        HelpName = "COMMAND",
    };

    /// <summary>Adds the option to a verb.</summary>
    public EvaluatorOption(Command verb) => verb.Add(_evaluate);

    /// <summary>The command, or null.</summary>
    public string? Command(ParseResult parse) => parse.GetValue(_evaluate);
}
