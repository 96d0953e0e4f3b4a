using System.CommandLine;
using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>The grid of a study, and how its models are made.</summary>
internal sealed class StudyChoices
{
    private static readonly StudyOptions Defaults = new();

    private static readonly Dictionary<string, StudyMethod> Methods = new(StringComparer.Ordinal)
    {
        ["unstructured"] = StudyMethod.Unstructured, ["structured"] = StudyMethod.Structured,
    };

    private readonly Option<string> _methods = CommaList.Option("--methods", "unstructured, the smallest weights become zero; structured, whole channels go and the rest is repaired.", "unstructured,structured");
    private readonly Option<bool> _noRepair = new("--no-repair") { Description = "Also study structured pruning without repair." };
    private readonly Option<string> _rates = CommaList.Option("--rates", "Shares that go, each above 0 and below 1.", "0.3,0.5,0.7,0.9");
    private readonly Option<string> _epochs = CommaList.Option("--epochs", "Epochs of fine-tuning; each model is trained from the pruned one. The untrained, 0, are always there.", "0,1,3");
    private readonly Option<string> _precisions = CommaList.Option("--precisions", $"{string.Join(", ", PrecisionTable.Names)}; float32 is always there. auto: those that suit the model and the target.", "float32,int8");
    private readonly Option<string> _seeds = CommaList.Option("--seeds", "Seeds; of several, mean and standard deviation are shown.", "1");
    private readonly Option<string> _criterion = new("--criterion") { Description = $"How channels are ranked: auto, {string.Join(", ", CriterionRegistry.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => Defaults.Criterion };
    private readonly Option<bool> _perLayer = new("--per-layer") { Description = "Every layer loses the same share, of weights and of channels. Default: layers compete." };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples that repair and int8 rest on.", HelpName = "COUNT", DefaultValueFactory = _ => Defaults.CalibrationSamples };
    private readonly Option<bool> _distill = new("--distill") { Description = "Fine-tune by what the original answers instead of by labels." };
    private readonly Option<double> _labels = TeacherOptions.LabelWeight("the original's answers, with --distill");
    private readonly OptimizerOptions _steps;
    private readonly Option<double> _tolerance = new("--tolerance") { Description = "Points below the original that count as no loss when epochs are advised.", HelpName = "POINTS", DefaultValueFactory = _ => Defaults.Tolerance };

    /// <summary>Adds the options to a verb.</summary>
    public StudyChoices(Command verb)
    {
        foreach (var option in new Option[] { _methods, _noRepair, _rates, _epochs, _precisions, _seeds, _criterion, _perLayer, _samples, _distill, _labels })
        {
            verb.Add(option);
        }

        _steps = new OptimizerOptions(verb, "; more the narrower a model became, up to 10 times");
        verb.Add(_tolerance);
    }

    /// <summary>The options as the library takes them.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="target">The device that models are for.</param>
    /// <exception cref="InputException">Some are out of range; the message lists all.</exception>
    public StudyOptions Read(ParseResult parse, Target target)
    {
        var criterion = parse.GetRequiredValue(_criterion);
        var options = new StudyOptions
        {
            Methods = [.. CommaList.Names(parse, _methods, Methods), .. parse.GetValue(_noRepair) ? new[] { StudyMethod.Unrepaired } : []],
            Rates = CommaList.Numbers<double>(parse, _rates),
            Epochs = CommaList.Numbers<int>(parse, _epochs),
            Precisions = Precisions(parse) ?? [],
            Seeds = CommaList.Numbers<int>(parse, _seeds),
            Criterion = criterion == CompressionOptions.AutomaticCriterion ? criterion : CriterionRegistry.Find(criterion).Name,
            Scope = parse.GetValue(_perLayer) ? PruningScope.PerLayer : PruningScope.Global,
            CalibrationSamples = parse.GetValue(_samples),
            SignedActivations = IsSigned(target),
            Recipe = Recipe(parse),
            Tolerance = parse.GetValue(_tolerance),
        };
        return options.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : options;
    }

    /// <summary>The options with the precisions that suit a model and a target, where those were asked for.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="options">The options that were read.</param>
    /// <param name="model">The model.</param>
    /// <param name="target">The device it is for.</param>
    public StudyOptions Suit(ParseResult parse, StudyOptions options, Model model, Target target) =>
        Precisions(parse) is null ? options with { Precisions = PrecisionTable.Suiting(ModelAnalysis.Of(model), target) } : options;

    private IReadOnlyList<Precision>? Precisions(ParseResult parse) => PrecisionNames.Read(_precisions.Name, [parse.GetRequiredValue(_precisions)]);

    // Times are measured here, so a target that is any machine is this one.
    private static bool IsSigned(Target target) => target.Architecture == "any" ? RuntimeInformation.ProcessArchitecture != Architecture.X64 : target.Architecture != "x64";

    // One thread a model: several models train at the same time, and the same seed gives the same weights.
    private FineTuneRecipe Recipe(ParseResult parse)
    {
        var isDistilled = parse.GetValue(_distill);
        return isDistilled || GivenOptions.Among(parse, _labels) is null
            ? new FineTuneRecipe
            {
                Training = _steps.Read(parse) with { Threads = Defaults.Recipe.Training.Threads },
                Distillation = isDistilled ? new DistillationOptions { LabelWeight = parse.GetValue(_labels) } : null,
            }
            : throw new InputException(ErrorCode.InvalidOption, $"{_labels.Name} weighs labels against the original's answers, and without --distill labels are all there is. Add --distill, or leave it out.");
    }
}
