using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary><c>sparsify</c>: sets single weights to zero and removes nothing.</summary>
internal sealed class SparsifyCommand : VerbCommand
{
    // Find weights, choose, compare, compress.
    private const int Steps = 4;

    private static readonly string[] Methods = ["auto", "magnitude", "wanda", "compensated", "random"];

    private readonly ModelArgument _model;
    private readonly Option<double> _rate = new("--rate") { Description = "Share of the weights that become zero, at least 0 and below 1. A pattern N:M has its own.", HelpName = "SHARE", DefaultValueFactory = _ => new SparsityOptions().Rate };
    private readonly Option<string> _pattern = new("--pattern") { Description = "Where zeros may lie: unstructured, or N:M: of M neighbours along the input channels at most N are not zero.", HelpName = "N:M", DefaultValueFactory = _ => "unstructured" };
    private readonly Option<string> _method = new("--method") { Description = "How weights are chosen: magnitude, wanda, compensated, random; auto takes compensated with samples and magnitude without.", HelpName = "NAME", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _scope = new("--scope") { Description = "global: layers compete, and small ones keep more. per-layer: every layer gets the same rate.", HelpName = "SCOPE", DefaultValueFactory = _ => "global" };
    private readonly DataOptions _data;
    private readonly Option<int> _samples = new("--samples") { Description = "Samples that are used.", HelpName = "COUNT", DefaultValueFactory = _ => new SparsityOptions().CalibrationSamples };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of everything random: the same input, options and seed give the same bytes.", HelpName = "NUMBER", DefaultValueFactory = _ => new SparsityOptions().Seed };
    private readonly Option<string?> _mask = new("--mask") { Description = "Write which weights are zero, for a later fine-tuning to keep.", HelpName = "FILE" };
    private readonly OutputOptions _output;

    public SparsifyCommand(ToolShell shell)
        : base(shell, "sparsify", "Set single weights to zero: a smaller file once compressed, and no faster model. Nothing is removed; use prune for speed.",
            "edgeprune sparsify samples/mnist/mnist-cnn.onnx --rate 0.9 --data samples/mnist --output sparse.onnx")
    {
        _model = new ModelArgument(this);
        Add(_rate);
        Add(_pattern);
        _method.AcceptOnlyFromAmong(Methods);
        Add(_method);
        _scope.AcceptOnlyFromAmong("global", "per-layer");
        Add(_scope);
        _data = new DataOptions(this, "Unlabelled; wanda and compensated look at activations on them.");
        Add(_samples);
        Add(_seed);
        Add(_mask);
        _output = new OutputOptions(this, "The model to write. Default: <model>.sparse.onnx.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var options = ReadOptions(parse);
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".sparse.onnx"));
        var mask = parse.GetValue(_mask) is { } path ? _output.Free(parse, path) : null;
        var (model, samples) = (_model.Read(parse), _data.OpenForCalibration(parse));
        var result = await WorkProgress.RunAsync(screen, "Sparsifying", WorkExtent.OfSteps(Steps),
            steps => Task.Run(() => Sparsifier.Apply(model, samples, options, steps, cancellationToken), cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        WholeFile.Write(output, result.Bytes);
        if (mask is not null)
        {
            WholeFile.Write(mask, SparsityMaskFile.Print(result.Mask));
        }

        SparsityView.Print(screen, result.Report, output, mask);
        screen.Json(SparsifyResult.Of(output, mask, result), CliJson.Default.SparsifyResult);
        return ExitCodes.Done;
    }

    private SparsityOptions ReadOptions(ParseResult parse)
    {
        var options = new SparsityOptions
        {
            Rate = parse.GetValue(_rate),
            Pattern = SparsityPattern.Parse(parse.GetRequiredValue(_pattern)),
            Method = Enum.Parse<SparsityMethod>(parse.GetRequiredValue(_method), ignoreCase: true),
            Scope = parse.GetValue(_scope) == "per-layer" ? PruningScope.PerLayer : PruningScope.Global,
            CalibrationSamples = parse.GetValue(_samples),
            Seed = parse.GetValue(_seed),
        };
        return options.Validate() is { Count: > 0 } faults ? throw new InputException(ErrorCode.InvalidOption, string.Join(' ', faults)) : options;
    }
}
