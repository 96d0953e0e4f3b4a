using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How weights learn, for the verbs that train.</summary>
internal sealed class LearningOptions
{
    private static readonly TrainingOptions Default = new();

    private readonly Option<int> _epochs = new("--epochs") { Description = "Times that every sample is seen.", HelpName = "COUNT", DefaultValueFactory = _ => Default.Epochs };
    private readonly Option<double> _rate = new("--learning-rate") { Description = "Learning rate of the first step; sgd wants about 10 times more than adamw.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.LearningRate };
    private readonly Option<string> _schedule = new("--schedule") { Description = "How the learning rate falls: cosine, to 0 over all steps; step, by --step-factor after each epoch; constant.", HelpName = "NAME", DefaultValueFactory = _ => "cosine" };
    private readonly Option<double> _factor = new("--step-factor") { Description = "Factor of the learning rate after each epoch, with --schedule step.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.StepFactor };
    private readonly Option<int> _batch = new("--batch-size") { Description = "Samples a step.", HelpName = "COUNT", DefaultValueFactory = _ => Default.BatchSize };
    private readonly Option<string> _optimizer = new("--optimizer") { Description = "adamw, or sgd with momentum.", HelpName = "NAME", DefaultValueFactory = _ => "adamw" };
    private readonly Option<double> _decay = new("--weight-decay") { Description = "Weight decay of matrices and kernels.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.WeightDecay };
    private readonly Option<double> _validation = new("--validation-share") { Description = "Share of the samples that is held out to watch the score after each epoch, 0 to 0.5.", HelpName = "SHARE", DefaultValueFactory = _ => Default.ValidationShare };
    private readonly Option<int> _patience = new("--patience") { Description = "Stop after this many epochs without a better validation score, and take the best weights; 0 never stops.", HelpName = "COUNT", DefaultValueFactory = _ => Default.Patience };
    private readonly Option<int> _shift = new("--shift") { Description = "Shift each sample by up to this many cells along each axis of space, anew each epoch.", HelpName = "CELLS", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> _flip = new("--flip") { Description = "Mirror half of the samples along their last axis, anew each epoch." };
    private readonly Option<double> _noise = new("--noise") { Description = "Add noise of this standard deviation, as a share of the sample's own.", HelpName = "SHARE", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> _live = new("--live-statistics") { Description = "Batch normalization uses and updates the statistics of each batch instead of the stored ones." };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads, 0 for one each core. With 1, the same seed gives the same bytes.", HelpName = "COUNT", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the order of samples, of their changes and of first weights.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.Seed };

    /// <summary>Adds the options to a verb.</summary>
    public LearningOptions(Command verb)
    {
        _schedule.AcceptOnlyFromAmong("cosine", "step", "constant");
        _optimizer.AcceptOnlyFromAmong("adamw", "sgd");
        Option[] options = [_epochs, _rate, _schedule, _factor, _batch, _optimizer, _decay, _validation, _patience, _shift, _flip, _noise, _live, _threads, _seed];
        foreach (var option in options)
        {
            verb.Add(option);
        }
    }

    /// <summary>The options as the library takes them; a recipe that holds them validates them.</summary>
    public TrainingOptions Read(ParseResult parse) => new()
    {
        Epochs = parse.GetValue(_epochs),
        LearningRate = parse.GetValue(_rate),
        Schedule = parse.GetValue(_schedule) switch { "step" => LearningSchedule.Step, "constant" => LearningSchedule.Constant, _ => LearningSchedule.Cosine },
        StepFactor = parse.GetValue(_factor),
        BatchSize = parse.GetValue(_batch),
        Optimizer = parse.GetValue(_optimizer) == "sgd" ? TrainingOptimizer.Sgd : TrainingOptimizer.AdamW,
        WeightDecay = parse.GetValue(_decay),
        ValidationShare = parse.GetValue(_validation),
        Patience = parse.GetValue(_patience),
        LiveStatistics = parse.GetValue(_live),
        Augmentation = new Augmentation { Shift = parse.GetValue(_shift), Flip = parse.GetValue(_flip), Noise = parse.GetValue(_noise) },
        Threads = parse.GetValue(_threads),
        Seed = parse.GetValue(_seed),
    };
}
