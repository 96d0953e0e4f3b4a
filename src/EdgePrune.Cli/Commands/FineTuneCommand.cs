using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>finetune</c>: trains a model further, by labels or by another model's answers.</summary>
internal sealed class FineTuneCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly TeacherOptions _teacher;
    private readonly LearningOptions _learning;
    private readonly Option<string?> _mask = new("--mask") { Description = "Weights that this mask says are zero stay zero; 'sparsify --mask' writes it.", HelpName = "FILE" };
    private readonly Option<bool> _int8 = new("--int8") { Description = "Learn under the rounding of 8-bit integers. What is written is a float model that 'quantize' then harms less." };
    private readonly CheckpointOptions _checkpoint;
    private readonly OutputOptions _output;

    public FineTuneCommand(ToolShell shell)
        : base(shell, "finetune", "Train a model further, such as after pruning: by labels, or without any by the answers of another model, its teacher.",
            "edgeprune finetune small.onnx --data samples/mnist --epochs 3 --output tuned.onnx\nedgeprune finetune small.onnx --data frames.npy --teacher model.onnx --epochs 5")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Learnt from; in a folder with a part for training, that part. The part for tests gives the score before and after.", isRequired: true, hasLabels: true);
        _teacher = new TeacherOptions(this);
        _learning = new LearningOptions(this, "; with a teacher that is wider, more, up to 10 times");
        Add(_mask);
        Add(_int8);
        _checkpoint = new CheckpointOptions(this);
        _output = new OutputOptions(this, "The model to write. Default: <model>.tuned.onnx.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var recipe = new FineTuneRecipe
        {
            Training = _learning.Read(parse),
            Distillation = _teacher.Read(parse),
            Quantization = parse.GetValue(_int8) ? new QuantizationOptions() : null,
        };
        RequireSound(recipe.Validate());
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".tuned.onnx"));
        var samples = Samples(parse, recipe);
        var (teacher, mask) = (_teacher.Path(parse), Mask(parse));
        var model = _model.Read(parse);
        var checkpoint = _checkpoint.Open(parse, screen, output);
        var run = await TrainingRun.RunAsync(screen, "Fine-tuning", path => new FineTuneRequest(Path.GetFullPath(_model.PathOf(parse)), samples, path, recipe)
        {
            Teacher = teacher,
            Mask = mask,
            Checkpoint = checkpoint,
        }, cancellationToken).ConfigureAwait(false);
        var original = teacher is null ? null : await File.ReadAllBytesAsync(teacher, cancellationToken).ConfigureAwait(false);
        var score = await TrainedScore.MeasureAsync(samples, original, OnnxFile.ToBytes(model), run.Written, cancellationToken).ConfigureAwait(false);
        var result = run.Keep(output, checkpoint, model, score);
        TrainingView.Print(screen, result);
        screen.Json(result, CliJson.Default.TrainResult);
        return run.ExitCode;
    }

    /// <summary>Requires that a recipe is sound.</summary>
    /// <exception cref="InputException">It is not; the message lists all faults.</exception>
    internal static void RequireSound(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.");
        }
    }

    private SampleReference Samples(ParseResult parse, FineTuneRecipe recipe)
    {
        var samples = _data.Reference(parse, SampleSplit.Train)!;
        var needsLabels = recipe.Distillation is null or { LabelWeight: > 0 };
        return needsLabels && samples.Open().Labels is null
            ? throw new InputException(ErrorCode.LabelMismatch, $"'{samples.Data}' has no labels to learn by. Give them with --labels, or a model to learn from with --teacher (and --label-weight 0).")
            : samples;
    }

    // Read here too: what is wrong with it should be said before libtorch is loaded.
    private string? Mask(ParseResult parse)
    {
        if (parse.GetValue(_mask) is not { } path)
        {
            return null;
        }

        _ = SparsityMaskFile.Load(path);
        return Path.GetFullPath(path);
    }
}
