using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What brings accuracy back after a removal.</summary>
internal sealed class RecoveryOptions
{
    private static readonly TrainingOptions Default = new();

    private readonly Option<string> _recover = new("--recover") { Description = "What brings accuracy back: repair, without training; distill, repair and then training on the original's answers, without labels; finetune, repair and then training on labels.", HelpName = "NAME", DefaultValueFactory = _ => "repair" };
    private readonly Option<double> _labels = TeacherOptions.LabelWeight("the original's answers, with distill");
    private readonly Option<int> _epochs = new("--epochs") { Description = "Times that training sees every sample, after each removal.", HelpName = "COUNT", DefaultValueFactory = _ => Default.Epochs };
    private readonly OptimizerOptions _steps;
    private readonly Option<int> _threads = new("--train-threads") { Description = "Threads of training, 0 for one each core. With 1, the same seed gives the same bytes.", HelpName = "COUNT", DefaultValueFactory = _ => 0 };

    /// <summary>Adds the options to a verb.</summary>
    public RecoveryOptions(Command verb)
    {
        _recover.AcceptOnlyFromAmong("repair", "distill", "finetune");
        verb.Add(_recover);
        verb.Add(_labels);
        verb.Add(_epochs);
        _steps = new OptimizerOptions(verb, "; more the narrower the model became, up to 10 times", "--train-schedule");
        verb.Add(_threads);
    }

    /// <summary>Puts the options into a compression's.</summary>
    /// <exception cref="InputException">Something is said of training that does not take place.</exception>
    public CompressionOptions Read(ParseResult parse, CompressionOptions options)
    {
        var kind = parse.GetValue(_recover) switch { "distill" => RecoveryKind.Distill, "finetune" => RecoveryKind.FineTune, _ => RecoveryKind.Repair };
        if (kind == RecoveryKind.Repair)
        {
            return GivenOptions.Among(parse, [_labels, _epochs, .. _steps.All, _threads]) is { } given
                ? throw new InputException(ErrorCode.InvalidOption, $"{given.Name} is about training, and repair does not train. Add --recover distill or --recover finetune, or leave it out.")
                : options;
        }

        if (kind == RecoveryKind.FineTune && GivenOptions.Among(parse, _labels) is not null)
        {
            throw new InputException(ErrorCode.InvalidOption, $"{_labels.Name} weighs labels against the original's answers, and finetune learns from labels alone. Say --recover distill, or leave it out.");
        }

        var training = _steps.Read(parse) with { Epochs = parse.GetValue(_epochs), Threads = parse.GetValue(_threads), Seed = options.Seed };
        return options with { Recovery = new RecoveryChoice(kind, new FineTuneRecipe { Training = training, Distillation = new DistillationOptions { LabelWeight = parse.GetValue(_labels) } }) };
    }
}
