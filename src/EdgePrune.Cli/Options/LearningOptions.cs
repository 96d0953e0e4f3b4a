using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How weights learn, for the verbs that do nothing else.</summary>
internal sealed class LearningOptions
{
    private static readonly TrainingOptions Default = new();

    private readonly Option<int> _epochs = new("--epochs") { Description = "Times that every sample is seen.", HelpName = "COUNT", DefaultValueFactory = _ => Default.Epochs };
    private readonly OptimizerOptions _steps;
    private readonly Option<double> _validation = new("--validation-share") { Description = "Share of the samples that is held out to watch the score after each epoch, 0 to 0.5.", HelpName = "SHARE", DefaultValueFactory = _ => Default.ValidationShare };
    private readonly Option<int> _patience = new("--patience") { Description = "Stop after this many epochs without a better validation score, and take the best weights; 0 never stops.", HelpName = "COUNT", DefaultValueFactory = _ => Default.Patience };
    private readonly Option<bool> _live = new("--live-statistics") { Description = "Batch normalization uses and updates the statistics of each batch instead of the stored ones." };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads, 0 for one each core. With 1, the same seed gives the same bytes.", HelpName = "COUNT", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the order of samples, of their changes and of first weights.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.Seed };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="wider">Which wider model raises the default learning rate, or nothing; as <see cref="OptimizerOptions"/> takes it.</param>
    public LearningOptions(Command verb, string wider = "")
    {
        verb.Add(_epochs);
        _steps = new OptimizerOptions(verb, wider);
        foreach (var option in new Option[] { _validation, _patience, _live, _threads, _seed })
        {
            verb.Add(option);
        }
    }

    /// <summary>The options as the library takes them; a recipe that holds them validates them.</summary>
    public TrainingOptions Read(ParseResult parse) => _steps.Read(parse) with
    {
        Epochs = parse.GetValue(_epochs),
        ValidationShare = parse.GetValue(_validation),
        Patience = parse.GetValue(_patience),
        LiveStatistics = parse.GetValue(_live),
        Threads = parse.GetValue(_threads),
        Seed = parse.GetValue(_seed),
    };
}
