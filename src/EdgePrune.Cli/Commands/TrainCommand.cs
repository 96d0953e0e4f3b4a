using System.CommandLine;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>train</c>: trains a model so that a share of it can go, and removes that.</summary>
internal sealed class TrainCommand : VerbCommand
{
    private static readonly Dictionary<string, SparseTrainingMethod> Methods = new(StringComparer.Ordinal)
    {
        ["none"] = SparseTrainingMethod.None,
        ["l1"] = SparseTrainingMethod.L1,
        ["l2"] = SparseTrainingMethod.L2,
        ["group-lasso"] = SparseTrainingMethod.GroupLasso,
        ["bn-scale"] = SparseTrainingMethod.BatchNormScale,
        ["gradual"] = SparseTrainingMethod.GradualMasks,
    };

    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly Option<bool> _fromScratch = new("--from-scratch") { Description = "Start from new random weights instead of the model's own." };
    private readonly Option<string> _method = new("--method") { Description = "What makes channels or weights die while the model learns: none, l1, l2, group-lasso, bn-scale, or gradual for zeros that grow by step.", HelpName = "NAME", DefaultValueFactory = _ => "none" };
    private readonly Option<double?> _strength = new("--strength") { Description = "Weight of the penalty in the loss. Default: 0.0001; for group-lasso, as much as lets a channel of median weight die by the end when no sample needs it.", HelpName = "NUMBER" };
    private readonly Option<double> _rate = new("--rate") { Description = "Share of the channels, or with gradual of the weights, that is gone in the end; at least 0 and below 1.", HelpName = "SHARE", DefaultValueFactory = _ => new SparseTrainingRecipe().Rate };
    private readonly LearningOptions _learning;
    private readonly CheckpointOptions _checkpoint;
    private readonly OutputOptions _output;

    public TrainCommand(ToolShell shell)
        : base(shell, "train", "Train a model on labelled samples so that a share of it dies while it learns, and remove that share.",
            "edgeprune train model.onnx --data samples/mnist --method group-lasso --rate 0.5 --epochs 5 --output small.onnx")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Learnt from, with labels; in a folder with a part for training, that part. The part for tests gives the score before and after.", isRequired: true, hasLabels: true);
        Add(_fromScratch);
        _method.AcceptOnlyFromAmong([.. Methods.Keys]);
        Add(_method);
        Add(_strength);
        Add(_rate);
        _learning = new LearningOptions(this);
        _checkpoint = new CheckpointOptions(this);
        _output = new OutputOptions(this, "The model to write. Default: <model>.trained.onnx.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var recipe = new SparseTrainingRecipe
        {
            Training = _learning.Read(parse),
            FromScratch = parse.GetValue(_fromScratch),
            Method = Methods[parse.GetRequiredValue(_method)],
            Strength = parse.GetValue(_strength),
            Rate = parse.GetValue(_rate),
        };
        FineTuneCommand.RequireSound(recipe.Validate());
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".trained.onnx"));
        var samples = _data.LabelledReference(parse);
        var model = _model.Read(parse);
        var checkpoint = _checkpoint.Open(parse, screen, output);
        var run = await TrainingRun.RunAsync(screen, "Training",
            path => new SparseTrainingRequest(Path.GetFullPath(_model.PathOf(parse)), samples, path, recipe) { Checkpoint = checkpoint }, cancellationToken).ConfigureAwait(false);
        var score = await TrainedScore.MeasureAsync(samples, null, OnnxFile.ToBytes(model), run.Written, cancellationToken).ConfigureAwait(false);
        var result = run.Keep(output, checkpoint, model, score);
        TrainingView.Print(screen, result);
        screen.Json(result, CliJson.Default.TrainResult);
        return run.ExitCode;
    }
}
