using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How the steps of training are made, for every verb that trains: rates, batches, the optimizer and what is done to samples.</summary>
internal sealed class OptimizerOptions
{
    private static readonly TrainingOptions Default = new();

    private readonly Option<double?> _rate = new("--learning-rate") { HelpName = "NUMBER" };
    private readonly Option<string> _schedule;
    private readonly Option<double> _factor;
    private readonly Option<int> _batch = new("--batch-size") { Description = "Samples a step.", HelpName = "COUNT", DefaultValueFactory = _ => Default.BatchSize };
    private readonly Option<string> _optimizer = new("--optimizer") { Description = "adamw, or sgd with momentum.", HelpName = "NAME", DefaultValueFactory = _ => "adamw" };
    private readonly Option<double> _decay = new("--weight-decay") { Description = "Weight decay of matrices and kernels.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.WeightDecay };
    private readonly Option<int> _shift = new("--shift") { Description = "Shift each sample by up to this many cells along each axis of space, anew each epoch.", HelpName = "CELLS", DefaultValueFactory = _ => 0 };
    private readonly Option<bool> _flip = new("--flip") { Description = "Mirror half of the samples along their last axis, anew each epoch." };
    private readonly Option<double> _noise = new("--noise") { Description = "Add noise of this standard deviation, as a share of the sample's own.", HelpName = "SHARE", DefaultValueFactory = _ => 0 };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="wider">Which wider model raises the default learning rate, in words that follow; or nothing.</param>
    /// <param name="schedule">Name of the schedule's option, where the verb has another schedule.</param>
    public OptimizerOptions(Command verb, string wider, string schedule = "--schedule")
    {
        _schedule = new Option<string>(schedule) { Description = "How the learning rate falls: cosine, to 0 over all steps; step, by --step-factor after each epoch; constant.", HelpName = "NAME", DefaultValueFactory = _ => "cosine" };
        _factor = new Option<double>("--step-factor") { Description = $"Factor of the learning rate after each epoch, with {schedule} step.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.StepFactor };
        _rate.Description = $"Learning rate of the first step. Default: 0.002 over the square root of the number of layers; for sgd 10 times that{wider}.";
        _schedule.AcceptOnlyFromAmong("cosine", "step", "constant");
        _optimizer.AcceptOnlyFromAmong("adamw", "sgd");
        foreach (var option in All)
        {
            verb.Add(option);
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_rate, _schedule, _factor, _batch, _optimizer, _decay, _shift, _flip, _noise];

    /// <summary>The options as the library takes them; a recipe that holds them validates them.</summary>
    public TrainingOptions Read(ParseResult parse) => new()
    {
        LearningRate = parse.GetValue(_rate),
        Schedule = parse.GetValue(_schedule) switch { "step" => LearningSchedule.Step, "constant" => LearningSchedule.Constant, _ => LearningSchedule.Cosine },
        StepFactor = parse.GetValue(_factor),
        BatchSize = parse.GetValue(_batch),
        Optimizer = parse.GetValue(_optimizer) == "sgd" ? TrainingOptimizer.Sgd : TrainingOptimizer.AdamW,
        WeightDecay = parse.GetValue(_decay),
        Augmentation = new Augmentation { Shift = parse.GetValue(_shift), Flip = parse.GetValue(_flip), Noise = parse.GetValue(_noise) },
    };
}
