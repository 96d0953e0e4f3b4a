using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>What <c>finetune</c> is asked to do.</summary>
internal sealed record FineTuneArguments(string Model, string Data, string Output)
{
    private const string Verb = "finetune";

    public string? Labels { get; init; }

    public SampleSplit Split { get; init; } = SampleSplit.Train;

    public bool Overwrite { get; init; }

    public FineTuneOptions Options { get; init; } = new();

    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: something is missing, unknown, given twice or no number.</exception>
    public static FineTuneArguments Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args[0] != Verb)
        {
            throw Refused($"the verb is {(args.Count == 0 ? "missing" : $"'{args[0]}'")}; it must be '{Verb}'");
        }

        var (values, overwrite) = Read(args);
        var parsed = new FineTuneArguments(Take(values, "--model"), Take(values, "--data"), Take(values, "--out"))
        {
            Labels = values.Remove("--labels", out var labels) ? labels : null,
            Split = Choose(values, "--split", ("train", SampleSplit.Train), ("test", SampleSplit.Test)),
            Overwrite = overwrite,
            Options = ReadOptions(values),
        };
        return values.Count == 0 ? parsed : throw Refused($"there is no option '{values.Keys.First()}'");
    }

    private static (Dictionary<string, string> Values, bool Overwrite) Read(IReadOnlyList<string> args)
    {
        var (values, overwrite) = (new Dictionary<string, string>(StringComparer.Ordinal), false);
        for (var i = 1; i < args.Count; i++)
        {
            if (args[i] == "--overwrite")
            {
                overwrite = true;
            }
            else if (i + 1 == args.Count)
            {
                throw Refused($"'{args[i]}' has no value");
            }
            else if (!values.TryAdd(args[i], args[++i]))
            {
                throw Refused($"'{args[i - 1]}' is given twice");
            }
        }

        return (values, overwrite);
    }

    private static FineTuneOptions ReadOptions(Dictionary<string, string> values)
    {
        FineTuneOptions defaults = new();
        return new FineTuneOptions
        {
            Epochs = Number(values, "--epochs", defaults.Epochs),
            LearningRate = Number(values, "--learning-rate", defaults.LearningRate),
            BatchSize = Number(values, "--batch-size", defaults.BatchSize),
            Optimizer = Choose(values, "--optimizer", ("adamw", TrainingOptimizer.AdamW), ("sgd", TrainingOptimizer.Sgd)),
            WeightDecay = Number(values, "--weight-decay", defaults.WeightDecay),
            Seed = Number(values, "--seed", defaults.Seed),
            Threads = Number(values, "--threads", defaults.Threads),
        };
    }

    private static string Take(Dictionary<string, string> values, string name) =>
        values.Remove(name, out var text) ? text : throw Refused($"'{name}' is missing");

    private static T Number<T>(Dictionary<string, string> values, string name, T otherwise) where T : struct, IParsable<T> =>
        !values.Remove(name, out var text) ? otherwise
        : T.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw Refused($"'{name}' is '{text}', which is no number of its kind");

    // The first choice is the default.
    private static T Choose<T>(Dictionary<string, string> values, string name, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (!values.Remove(name, out var text))
        {
            return choices[0].Value;
        }

        foreach (var (choice, value) in choices)
        {
            if (choice == text)
            {
                return value;
            }
        }

        throw Refused($"'{name}' is '{text}', which is none of its choices");
    }

    private static InputException Refused(string fault) =>
        new(ErrorCode.InvalidOption, $"The command line is wrong: {fault}. Usage: {TrainingProgram.Usage}");
}
