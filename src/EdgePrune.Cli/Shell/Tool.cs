using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The tool as a function: arguments in, exit code out.</summary>
internal static class Tool
{
    private const string Description = "Fits ONNX models to small devices: prunes and quantizes them against a budget, ships them signed, measures them on the device.";

    /// <summary>The tree of verbs.</summary>
    /// <param name="shell">The world around the tool.</param>
    public static RootCommand Build(ToolShell shell)
    {
        var root = new RootCommand(Description);
        GlobalOptions.AddTo(root);
        foreach (var verb in Verbs(shell))
        {
            root.Add(verb);
        }

        foreach (var option in root.Options.OfType<HelpOption>())
        {
            var sections = (HelpAction)option.Action!;
            sections.MaxWidth = shell.Width;
            option.Action = new HelpScreen(sections);
            option.Description = "Show this help.";
        }

        foreach (var option in root.Options.OfType<VersionOption>())
        {
            option.Description = "Show the version.";
        }

        return root;
    }

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="shell">The world around the tool.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ToolShell shell, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> words = args.Count == 0 ? ["--help"] : args;
        var parse = Build(shell).Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
        {
            new ErrorPrinter(shell, GlobalOptions.IsJson(parse), GlobalOptions.IsVerbose(parse)).Print(UsageErrors.Of(parse));
            return ExitCodes.Input;
        }

        var configuration = new InvocationConfiguration
        {
            Output = shell.Out,
            Error = shell.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parse.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<Command> Verbs(ToolShell shell) =>
    [
        new QuickstartCommand(shell),
        new InspectCommand(shell),
        new SensitivityCommand(shell),
        new AdviseCommand(shell),
        new PlanCommand(shell),
        new PruneCommand(shell),
        new SparsifyCommand(shell),
        new FineTuneCommand(shell),
        new TrainCommand(shell),
        new LotteryCommand(shell),
        new QuantizeCommand(shell),
        new EvaluateCommand(shell),
        new ProfileCommand(shell),
        new BenchCommand(shell),
        new VerbGroup("history", "List, show, compare and draw the measurements that this machine and the devices of a hub have made.",
            [new HistoryListCommand(shell), new HistoryShowCommand(shell), new HistoryCompareCommand(shell), new HistoryPlotCommand(shell)],
            "edgeprune history list"),
        new TuneCommand(shell),
        new StudyCommand(shell),
        new VerbGroup("bundle", "Pack, sign, verify and show bundles: the signed releases that devices install.",
            [new BundlePackCommand(shell), new BundleSignCommand(shell), new BundleVerifyCommand(shell), new BundleShowCommand(shell)],
            "edgeprune bundle verify model.epb --trust release.pub.pem"),
        new PushCommand(shell),
        new HubCommand(shell),
        new VerbGroup("device", "Put the agent on boards, and list the devices of a hub.", [new DeviceInstallCommand(shell), new DeviceListCommand(shell)],
            "edgeprune device install --ssh pi@board.local --package edgeprune-agent_0.1.0_arm64.deb \\\n    --hub https://hub.example.org --name board --target raspberry-pi-4 --trust release.pub.pem"),
        new VerbGroup("keys", "Create and show the keys that bundles are signed with.",
            [new KeysCreateCommand(shell), new KeysPublicCommand(shell), new KeysShowCommand(shell)],
            "edgeprune keys create release.pem"),
    ];
}
