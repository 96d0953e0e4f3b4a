using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>A device behind a hub.</summary>
internal sealed class DeviceOptions
{
    /// <summary>The environment variable that keeps the operator's token out of the process list.</summary>
    public const string TokenVariable = "EDGEPRUNE_OPERATOR_TOKEN";

    private readonly Option<string?> _hub;
    private readonly Option<string?> _device;
    private readonly Option<string?> _token = new("--operator-token")
    {
        Description = $"The hub's operator token. Better given as {TokenVariable}, out of the process list.",
        HelpName = "TOKEN",
    };

    private readonly DurationOption _timeout;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="isRequired">Whether the verb needs a device.</param>
    public DeviceOptions(Command verb, bool isRequired = false)
    {
        _hub = new Option<string?>("--hub") { Description = "Address of the hub, such as http://127.0.0.1:8420.", HelpName = "URL", Required = isRequired };
        _device = new Option<string?>("--device") { Description = "Name or id of the device.", HelpName = "NAME", Required = isRequired };
        verb.Add(_hub);
        verb.Add(_device);
        verb.Add(_token);
        _timeout = new DurationOption(verb, "--timeout", "Longest time to wait for the device.", DefaultTimeout);
    }

    /// <summary>How long a device may take when nothing is said.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a device is named.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_device) is not null || parse.GetValue(_hub) is not null;

    /// <summary>Name or id of the device.</summary>
    public string Name(ParseResult parse) => parse.GetValue(_device)
        ?? throw new InputException(ErrorCode.InvalidOption, "--hub was given without --device. Name the device too.");

    /// <summary>Longest time to wait.</summary>
    public TimeSpan Timeout(ParseResult parse) => _timeout.Read(parse);

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
