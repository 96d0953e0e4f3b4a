using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary><c>bench</c>: models under settings at places, one resumable table.</summary>
internal sealed class BenchCommand : VerbCommand
{
    // A line of its own: the versions of what devices otherwise run stay as they are.
    private const string BundleLine = "bench";

    private readonly Argument<string[]> _models = new("models") { Description = "The .onnx files; the others are compared with the first.", Arity = ArgumentArity.OneOrMore };
    private readonly BenchChoices _choices;
    private readonly DeviceOptions _device;
    private readonly ReleaseOptions _release;
    private readonly Option<string> _out = new("--out") { Description = "Folder for the results; finished cells in it are not measured again.", HelpName = "FOLDER", DefaultValueFactory = _ => Path.Combine("out", "bench") };

    public BenchCommand(ToolShell shell)
        : base(shell, "bench", "Measure models under session settings on this machine and on devices: one table, a page with a plot, CSV and JSON. Every cell is a measurement as 'profile' makes it. Finished cells are kept: after Ctrl-C the next run measures only what is missing.",
            "edgeprune bench model.onnx pruned.onnx --threads 1,2 --spin off,on\nedgeprune bench model.onnx pruned.onnx --rules mlperf-tiny --out out/tiny\nedgeprune bench model.onnx pruned.onnx --hub http://127.0.0.1:8420 --device door-camera-7 --key release.pem")
    {
        Add(_models);
        _choices = new BenchChoices(this);
        _device = new DeviceOptions(this);
        _release = new ReleaseOptions(this, isKeyRequired: false);
        Describe("--device", "Names or ids of devices, separated by commas. With --key each is sent the models one after the other; without, it measures the model that runs there.");
        Describe("--key", "Private key file that devices trust: each model is pushed as a signed bundle before it is measured, and what ran before is ordered back in the end.");
        Describe("--name", $"Name of the model line of these bundles. Default: {BundleLine}.");
        Add(_out);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var rules = _choices.Rules(parse);
        var settings = _choices.Settings(parse, rules);
        var folder = parse.GetRequiredValue(_out);
        using var hub = _device.IsGiven(parse) ? _device.Connect(parse, screen.Shell) : null;
        using var key = ReadKey(parse, hub);
        var places = Places(parse, screen.Shell.Clock, hub, key);
        var plan = new BenchPlan(BenchModel.Read(parse.GetRequiredValue(_models)), settings, places, rules, _choices.Seed(parse));
        var report = await RunAsync(screen, plan, folder, cancellationToken).ConfigureAwait(false);
        BenchOutputs.Write(folder, report);
        BenchView.Print(screen, report);
        screen.Say($"Written to {folder}: bench.html, bench.csv, bench.json.");
        screen.Json(report, BenchJson.Default.BenchReport);
        return report.Rows.FirstOrDefault(r => r.ErrorCode is not null)?.ErrorCode is { } code ? ExitCodes.Of((ErrorCode)code) : ExitCodes.Done;
    }

    private List<IBenchPlace> Places(ParseResult parse, TimeProvider clock, HubOperator? hub, SigningKey? key)
    {
        List<IBenchPlace> places = [LocalPlace.OfThisMachine(clock)];
        if (hub is not null)
        {
            string[] names = _device.Name(parse).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (names.Length == 0 || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            {
                throw new InputException(ErrorCode.InvalidOption, $"--device is '{_device.Name(parse)}'; name each device once, separated by commas.");
            }

            places.AddRange(names.Select(n => Place(parse, clock, hub, new BenchDevice(hub, n), key)));
        }

        return places;
    }

    private IBenchPlace Place(ParseResult parse, TimeProvider clock, HubOperator hub, BenchDevice device, SigningKey? key) => key is null
        ? new DevicePlace(hub, device, clock, _device.Timeout(parse))
        : new PushPlace(hub, device, target => _release.Bundler(parse, key, BundleLine, [target], clock), clock, _device.Timeout(parse));

    private SigningKey? ReadKey(ParseResult parse, HubOperator? hub) => (_release.IsGiven(parse), hub) switch
    {
        (false, _) => null,
        (true, null) => throw new InputException(ErrorCode.InvalidOption, "--key signs what is pushed to a device, and none is named. Name it with --hub and --device, or leave --key out."),
        _ => _release.ReadKey(parse),
    };

    private void Describe(string option, string description) => Options.Single(o => o.Name == option).Description = description;

    private static async Task<BenchReport> RunAsync(Screen screen, BenchPlan plan, string folder, CancellationToken cancellationToken)
    {
        var run = new BenchRun(plan, new BenchStore(folder), screen.Shell.Clock);
        try
        {
            return await WorkProgress.RunAsync(screen, "Benchmarking", new WorkExtent(), steps => run.RunAsync(steps, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            screen.Note($"Finished cells are kept in {folder}; the same command goes on from there.");
            throw;
        }
    }
}
