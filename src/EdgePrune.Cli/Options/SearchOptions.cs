using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How far a search goes.</summary>
internal sealed class SearchOptions
{
    private readonly Option<int> _maxRuns = new("--max-runs") { Description = "Most runs on the device, the original's included; 2 to 100.", HelpName = "COUNT", DefaultValueFactory = _ => new TuningOptions().MaxDeviceRuns };
    private readonly Option<double> _maxRate = new("--max-rate") { Description = "Highest rate that is tried.", HelpName = "SHARE", DefaultValueFactory = _ => new TuningOptions().MaxRate };
    private readonly Option<string[]> _precisions = new("--precision")
    {
        Description = $"What is tried at each rate, separated by commas: {string.Join(", ", PrecisionTable.Names)}. auto: float32 and int8, and for models without many convolutions the others that suit them and the target.",
        HelpName = "LIST",
        DefaultValueFactory = _ => [PrecisionNames.Automatic],
    };

    /// <summary>Adds the options to a verb.</summary>
    public SearchOptions(Command verb)
    {
        verb.Add(_maxRuns);
        verb.Add(_maxRate);
        verb.Add(_precisions);
    }

    /// <summary>Puts the options into a search's.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="options">The search's other options.</param>
    /// <exception cref="InputException">Something is out of range; the message lists all.</exception>
    public TuningOptions Read(ParseResult parse, TuningOptions options)
    {
        var read = options with
        {
            MaxDeviceRuns = parse.GetValue(_maxRuns),
            MaxRate = parse.GetValue(_maxRate),
            Precisions = PrecisionNames.Read(_precisions.Name, parse.GetRequiredValue(_precisions)) ?? [],
        };
        return read.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The search's options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : read;
    }
}
