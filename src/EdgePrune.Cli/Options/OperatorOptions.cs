using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>A hub, and the right to operate it.</summary>
internal sealed class OperatorOptions
{
    /// <summary>The environment variable that keeps the operator's token out of the process list.</summary>
    public const string TokenVariable = "EDGEPRUNE_OPERATOR_TOKEN";

    private readonly Option<string?> _hub;
    private readonly Option<string?> _token = new("--operator-token")
    {
        Description = $"The hub's operator token. Better given as {TokenVariable}, out of the process list.",
        HelpName = "TOKEN",
    };

    /// <summary>Adds the hub's address to a verb; the token follows by <see cref="AddToken"/>.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="isRequired">Whether the verb needs a hub.</param>
    public OperatorOptions(Command verb, bool isRequired)
    {
        _hub = new Option<string?>("--hub") { Description = "Address of the hub, such as http://127.0.0.1:8420.", HelpName = "URL", Required = isRequired };
        verb.Add(_hub);
    }

    /// <summary>Adds the token to the verb.</summary>
    public void AddToken(Command verb) => verb.Add(_token);

    /// <summary>Whether a hub is named.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_hub) is not null;

    /// <summary>The operator's side of the hub.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="shell">Where the token may stand.</param>
    /// <exception cref="InputException">The address or the token is missing or malformed.</exception>
    public HubOperator Connect(ParseResult parse, ToolShell shell)
    {
        var text = parse.GetValue(_hub) ?? throw new InputException(ErrorCode.InvalidOption, "--device was given without --hub. Give the hub's address too, such as 'http://127.0.0.1:8420'.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new InputException(ErrorCode.InvalidOption, $"--hub is '{text}'; write an address such as 'http://127.0.0.1:8420'.");
        }

        var token = parse.GetValue(_token) ?? shell.Environment(TokenVariable);
        return string.IsNullOrWhiteSpace(token)
            ? throw new InputException(ErrorCode.InvalidOption, $"The operator token is missing. 'edgeprune hub' prints it; give it as {TokenVariable} or --operator-token.")
            : new HubOperator(address, token, clock: shell.Clock);
    }
}
