using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>bundle pack</c>: a model becomes a signed release.</summary>
internal sealed class BundlePackCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly ReleaseOptions _release;
    private readonly Option<string[]> _targets = new("--target") { Description = "Kind of device the bundle is for; may be repeated. Default: any.", HelpName = "NAME" };
    private readonly OutputOptions _output;

    public BundlePackCommand(ToolShell shell)
        : base(shell, "pack", "Pack a model with a self-test into a signed bundle. Its version is one above the last that was packed with this key.",
            "edgeprune bundle pack small.onnx --key release.pem --target raspberry-pi-4 --output small.epb")
    {
        _model = new ModelArgument(this);
        _release = new ReleaseOptions(this, isKeyRequired: true);
        Add(_targets);
        _output = new OutputOptions(this, "The bundle to write. Default: <model>.epb.");
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var path = _model.PathOf(parse);
        var output = _output.PathOr(parse, OutputOptions.Beside(path, ".epb"));
        var model = OnnxFile.ToBytes(_model.Read(parse));
        using var key = _release.ReadKey(parse);
        var bundle = _release.Bundler(parse, key, path, Targets(parse), screen.Shell.Clock).Pack(model, new Dictionary<string, string>());
        cancellationToken.ThrowIfCancellationRequested();
        WholeFile.Write(output, bundle.Write);
        var result = BundleResult.Of(bundle, key.Public.KeyId);
        BundleShowCommand.Print(screen, result);
        screen.Say($"written to {output}");
        screen.Json(result, CliJson.Default.BundleResult);
        return Task.FromResult(ExitCodes.Done);
    }

    private IReadOnlyList<string> Targets(ParseResult parse)
    {
        var catalog = TargetCatalog.Default();
        var named = parse.GetValue(_targets) ?? [];
        return named.Length == 0 ? ["any"] : [.. named.Select(n => n == "any" ? n : catalog.Find(n).Name).Distinct()];
    }
}
