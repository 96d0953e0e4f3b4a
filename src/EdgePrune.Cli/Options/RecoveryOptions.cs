using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What brings accuracy back after a removal.</summary>
internal sealed class RecoveryOptions
{
    private static readonly TrainingOptions Default = new();

    private readonly Option<string> _recover = new("--recover") { Description = "What brings accuracy back: repair, without training; distill, repair and then training on the original's answers, without labels; finetune, repair and then training on labels.", HelpName = "NAME", DefaultValueFactory = _ => "repair" };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Times that training sees every sample, after each removal.", HelpName = "COUNT", DefaultValueFactory = _ => Default.Epochs };
    private readonly Option<double> _rate = new("--learning-rate") { Description = "Learning rate of training's first step.", HelpName = "NUMBER", DefaultValueFactory = _ => Default.LearningRate };
    private readonly Option<int> _threads = new("--train-threads") { Description = "Threads of training, 0 for one each core. With 1, the same seed gives the same bytes.", HelpName = "COUNT", DefaultValueFactory = _ => 0 };

    /// <summary>Adds the options to a verb.</summary>
    public RecoveryOptions(Command verb)
    {
        _recover.AcceptOnlyFromAmong("repair", "distill", "finetune");
        verb.Add(_recover);
        verb.Add(_epochs);
        verb.Add(_rate);
        verb.Add(_threads);
    }

    /// <summary>Puts the options into a compression's.</summary>
    /// <exception cref="InputException">Something is said of training that does not take place.</exception>
    public CompressionOptions Read(ParseResult parse, CompressionOptions options)
    {
        var kind = parse.GetValue(_recover) switch { "distill" => RecoveryKind.Distill, "finetune" => RecoveryKind.FineTune, _ => RecoveryKind.Repair };
        if (kind == RecoveryKind.Repair)
        {
            return GivenOptions.Among(parse, _epochs, _rate, _threads) is { } given
                ? throw new InputException(ErrorCode.InvalidOption, $"{given.Name} is about training, and repair does not train. Add --recover distill or --recover finetune, or leave it out.")
                : options;
        }

        var training = new TrainingOptions { Epochs = parse.GetValue(_epochs), LearningRate = parse.GetValue(_rate), Threads = parse.GetValue(_threads), Seed = options.Seed };
        return options with { Recovery = new RecoveryChoice(kind, new FineTuneRecipe { Training = training }) };
    }
}
