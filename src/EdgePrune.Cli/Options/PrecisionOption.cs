using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>The number format of the model that is written.</summary>
internal sealed class PrecisionOption
{
    private readonly DataOptions _data;
    private readonly Option<string> _precision = new("--precision")
    {
        Description = $"What the model is brought into at the end: {string.Join(", ", PrecisionTable.Names)}. {string.Join(", ", PrecisionTable.All.Where(f => f.NeedsSamples).Select(f => f.Name))} needs --data.",
        HelpName = "NAME",
        DefaultValueFactory = _ => PrecisionTable.Of(new CompressionOptions().Precision).Name,
    };

    /// <summary>Adds the option to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="data">Its samples.</param>
    public PrecisionOption(Command verb, DataOptions data)
    {
        _data = data;
        verb.Add(_precision);
    }

    /// <summary>The precision.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="planned">What a plan says where the command line does not, or null.</param>
    /// <exception cref="InputException">There is none of that name, or it needs samples and there are none.</exception>
    public Precision Read(ParseResult parse, Precision? planned)
    {
        var form = planned is { } plan && GivenOptions.Among(parse, _precision) is null ? PrecisionTable.Of(plan) : PrecisionTable.Find(parse.GetRequiredValue(_precision));
        return form.NeedsSamples && !_data.IsGiven(parse)
            ? throw new InputException(ErrorCode.NoSamples, $"'{_precision.Name} {form.Name}' is calibrated on samples, and there are none. Give some with --data, or take one that needs none: {string.Join(", ", PrecisionConversions.All.Select(c => c.Name))}.")
            : form.Precision;
    }
}
