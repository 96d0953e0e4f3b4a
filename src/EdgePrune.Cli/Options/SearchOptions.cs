using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How far a search goes.</summary>
internal sealed class SearchOptions
{
    private readonly Option<int> _maxRuns = new("--max-runs") { Description = "Most runs on the device, the original's included; 2 to 100.", HelpName = "COUNT", DefaultValueFactory = _ => new TuningOptions().MaxDeviceRuns };
    private readonly Option<double> _maxRate = new("--max-rate") { Description = "Highest rate that is tried.", HelpName = "SHARE", DefaultValueFactory = _ => new TuningOptions().MaxRate };
    private readonly Option<string[]> _precisions = new("--precision") { Description = "float32, int8, or repeated for both, the default.", HelpName = "NAME" };

    /// <summary>Adds the options to a verb.</summary>
    public SearchOptions(Command verb)
    {
        _precisions.AcceptOnlyFromAmong("float32", "int8");
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
        var named = parse.GetValue(_precisions) ?? [];
        var read = options with
        {
            MaxDeviceRuns = parse.GetValue(_maxRuns),
            MaxRate = parse.GetValue(_maxRate),
            Precisions = named.Length == 0 ? options.Precisions : [.. named.Select(n => n == "int8" ? Precision.Int8 : Precision.Float32).Distinct()],
        };
        return read.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The search's options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : read;
    }
}
