using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>A device behind a hub.</summary>
internal sealed class DeviceOptions
{
    private readonly OperatorOptions _operator;
    private readonly Option<string?> _device;
    private readonly DurationOption _timeout;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="isRequired">Whether the verb needs a device.</param>
    public DeviceOptions(Command verb, bool isRequired = false)
    {
        _operator = new OperatorOptions(verb, isRequired);
        _device = new Option<string?>("--device") { Description = "Name or id of the device.", HelpName = "NAME", Required = isRequired };
        verb.Add(_device);
        _operator.AddToken(verb);
        _timeout = new DurationOption(verb, "--timeout", "Longest time to wait for the device.", DefaultTimeout);
    }

    /// <summary>How long a device may take when nothing is said.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a device is named.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_device) is not null || _operator.IsGiven(parse);

    /// <summary>Whether a hub is named.</summary>
    public bool HasHub(ParseResult parse) => _operator.IsGiven(parse);

    /// <summary>Name or id of the device.</summary>
    public string Name(ParseResult parse) => parse.GetValue(_device)
        ?? throw new InputException(ErrorCode.InvalidOption, "--hub was given without --device. Name the device too.");

    /// <summary>Longest time to wait.</summary>
    public TimeSpan Timeout(ParseResult parse) => _timeout.Read(parse);

    /// <summary>The operator's side of the hub.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="shell">Where the token may stand.</param>
    /// <exception cref="InputException">The address or the token is missing or malformed.</exception>
    public HubOperator Connect(ParseResult parse, ToolShell shell) => _operator.Connect(parse, shell);
}
