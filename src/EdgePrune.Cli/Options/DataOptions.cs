using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>The samples a verb works with.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> _data;
    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "File with one class for each sample: .npy, .csv, .idx. Default: those that belong to the samples.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _preprocessing = new("--preprocessing")
    {
        Description = "JSON file that says how stored numbers become the model's input (scale, mean, std, shape, layout). Default: preprocessing.json beside the data.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="purpose">What the samples are for.</param>
    /// <param name="isRequired">Whether the verb needs samples.</param>
    /// <param name="hasLabels">Whether labels are of use.</param>
    public DataOptions(Command verb, string purpose, bool isRequired = false, bool hasLabels = false)
    {
        _data = new Option<string?>("--data")
        {
            Description = $"Samples: a folder, or an .npy, .npz, .csv or IDX file (also .gz). {purpose}",
            HelpName = "PATH",
            Required = isRequired,
        };
        verb.Add(_data);
        if (hasLabels)
        {
            verb.Add(_labels);
        }

        verb.Add(_preprocessing);
    }

    /// <summary>Whether samples were named.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_data) is not null;

    /// <summary>Whether a file of labels was named.</summary>
    public bool NamesLabels(ParseResult parse) => parse.GetValue(_labels) is not null;

    /// <summary>The path that was named, or null.</summary>
    public string? PathOf(ParseResult parse) => parse.GetValue(_data);

    /// <summary>Opens the samples, or gives null when none were named.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="split">Which part of a folder is used when it holds two.</param>
    /// <exception cref="InputException">The data is missing, empty or damaged.</exception>
    public ISampleSource? Open(ParseResult parse, SampleSplit split) =>
        parse.GetValue(_data) is { } path ? SampleSources.Open(path, parse.GetValue(_labels), Preprocessing(parse), split) : null;

    /// <summary>Opens samples for statistics and calibration: the part for training when the folder has one, else all.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <exception cref="InputException">The data is missing, empty or damaged.</exception>
    public ISampleSource? OpenForCalibration(ParseResult parse)
    {
        if (parse.GetValue(_data) is not { } path)
        {
            return null;
        }

        // Labels belong to the part that is evaluated; statistics need none.
        return SampleSources.Open(path, null, Preprocessing(parse), SampleSplit.Train);
    }

    /// <summary>Opens samples to score with while others are learnt from: the part for tests with its own labels where there is one, else all with the labels that were named.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <exception cref="InputException">The data is missing, empty or damaged.</exception>
    public ISampleSource? OpenForScore(ParseResult parse) => parse.GetValue(_data) is { } path && SampleSources.AreSplit(path)
        ? SampleSources.Open(path, null, Preprocessing(parse), SampleSplit.Test)
        : Open(parse, SampleSplit.Test);

    /// <summary>The samples that are learnt from while the labels that were named belong to those that are scored, or null when none were named.</summary>
    /// <param name="parse">The parsed command line.</param>
    public SampleReference? ReferenceBesideScore(ParseResult parse) => Reference(parse, SampleSplit.Train) is { } samples && SampleSources.AreSplit(samples.Data)
        ? samples with { Labels = null }
        : Reference(parse, SampleSplit.Train);

    /// <summary>The samples as data that another process can open, or null when none were named.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="split">Which part of a folder is used when it holds two.</param>
    public SampleReference? Reference(ParseResult parse, SampleSplit split) => parse.GetValue(_data) is not { } path ? null : new SampleReference(Path.GetFullPath(path))
    {
        Labels = parse.GetValue(_labels) is { } labels ? Path.GetFullPath(labels) : null,
        Preprocessing = parse.GetValue(_preprocessing) is { } file ? Path.GetFullPath(file) : null,
        Split = split,
    };

    /// <summary>The samples for training as data that another process can open, with labels to learn by.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <exception cref="InputException">They cannot be opened, or have no labels.</exception>
    public SampleReference LabelledReference(ParseResult parse)
    {
        var samples = Reference(parse, SampleSplit.Train)!;
        return samples.Open().Labels is null
            ? throw new InputException(ErrorCode.LabelMismatch, $"'{samples.Data}' has no labels to learn by. Give them with --labels.")
            : samples;
    }

    private Preprocessing? Preprocessing(ParseResult parse) => parse.GetValue(_preprocessing) is { } path ? Host.Preprocessing.Read(path) : null;
}
