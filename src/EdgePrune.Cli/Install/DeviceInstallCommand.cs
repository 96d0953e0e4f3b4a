using System.CommandLine;
using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary><c>device install</c>: puts the agent on a board, over SSH or by a recipe.</summary>
internal sealed class DeviceInstallCommand : VerbCommand
{
    private const string ScriptName = "install-agent.sh";

    private readonly Option<string> _package = new("--package") { Description = "The agent's Debian package for the board, made by packaging/build-deb.sh.", HelpName = "FILE", Required = true };
    private readonly Option<string> _hub = new("--hub") { Description = "Address of the hub as the board reaches it, such as https://hub.example.org:8420.", HelpName = "URL", Required = true };
    private readonly Option<string> _name = new("--name") { Description = "Name of the device, unique in the hub.", HelpName = "NAME", Required = true };
    private readonly Option<string> _trust = new("--trust") { Description = "Public key that bundles must be signed with; of a private key file, only the public half is sent.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _token = new("--token") { Description = $"The hub's enrolment token. Better given as {HubCommand.EnrolmentVariable}. Not needed on a board that has enrolled.", HelpName = "TOKEN" };
    private readonly Option<string?> _ssh = new("--ssh") { Description = "Where to install: user@host, with root or sudo without a password. Default: write a script and print how to use it.", HelpName = "DESTINATION" };
    private readonly TargetOption _target;
    private readonly OutputOptions _output;

    public DeviceInstallCommand(ToolShell shell)
        : base(shell, "install", "Put the agent on a board: package, settings, key and service, and wait until it has enrolled. It may be run again, to change settings or for a new version.",
            "edgeprune device install --ssh pi@door-camera-7.local --package edgeprune-agent_0.1.0_arm64.deb \\\n    --hub https://hub.example.org:8420 --name door-camera-7 --target raspberry-pi-4 --trust release.pub.pem")
    {
        Add(_ssh);
        Add(_package);
        Add(_hub);
        Add(_name);
        _target = new TargetOption(this);
        Add(_trust);
        Add(_token);
        _output = new OutputOptions(this, $"The script to write without --ssh; it holds the token. Default: {ScriptName}.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var package = parse.GetRequiredValue(_package);
        if (!File.Exists(package))
        {
            throw new InputException(ErrorCode.FileNotFound, $"The package '{package}' does not exist. Make it with 'packaging/build-deb.sh arm64'.");
        }

        var setup = ReadSetup(parse, screen.Shell);
        var script = InstallScript.For(setup);
        var result = parse.GetValue(_ssh) is { } destination
            ? await InstallAsync(screen, new SshBoard(destination, screen.Shell.Environment), package, script, setup.Settings.Name, cancellationToken).ConfigureAwait(false)
            : new InstallResult(setup.Settings.Name, null, null, WriteRecipe(parse, package, script));
        Print(screen, result);
        return ExitCodes.Done;
    }

    private BoardSetup ReadSetup(ParseResult parse, ToolShell shell)
    {
        var text = parse.GetRequiredValue(_hub);
        var settings = new AgentSettings
        {
            Hub = Uri.TryCreate(text, UriKind.Absolute, out var hub) ? hub : throw new InputException(ErrorCode.InvalidOption, $"--hub is '{text}'; write an address such as 'https://hub.example.org'."),
            Name = parse.GetRequiredValue(_name),
            Target = _target.Find(parse)?.Name ?? throw new InputException(ErrorCode.InvalidOption, "--target is missing. Name the kind of board, such as 'raspberry-pi-4'."),
        };
        var setup = new BoardSetup(settings, KeyFiles.ReadPublic(parse.GetRequiredValue(_trust)), parse.GetValue(_token) ?? shell.Environment(HubCommand.EnrolmentVariable));
        return setup.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, string.Join(' ', faults))
            : setup;
    }

    private static Task<InstallResult> InstallAsync(Screen screen, SshBoard board, string package, string script, string name, CancellationToken cancellationToken) =>
        WorkProgress.RunAsync(screen, $"Installing on {board.Name}", new WorkExtent(), async steps =>
        {
            steps.Report("the package is copied and installed, then the agent enrols");
            return new InstallResult(name, board.Name, await new BoardInstaller(board).RunAsync(package, script, cancellationToken).ConfigureAwait(false), null);
        });

    private string[] WriteRecipe(ParseResult parse, string package, string script)
    {
        var path = _output.PathOr(parse, ScriptName);
        Write(path, script);
        return
        [
            $"scp {Quote(package)} {Quote(path)} pi@BOARD:",
            $"ssh -t pi@BOARD sudo sh ./{Quote(Path.GetFileName(path))} ./{Quote(Path.GetFileName(package))}",
            $"ssh pi@BOARD rm ./{Quote(Path.GetFileName(path))} && rm {Quote(path)}",
        ];
    }

    // It holds the token, so that it is its owner's alone from its first byte.
    private static void Write(string path, string script)
    {
        var temporary = path + ".partial";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            File.Delete(temporary);
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(script));
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new InputException(ErrorCode.CannotWrite, $"'{path}' cannot be written: {e.Message} Choose another with --output.", e);
        }
    }

    private static string Quote(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Print(Screen screen, InstallResult result)
    {
        if (result.Recipe is { } recipe)
        {
            foreach (var line in recipe)
            {
                screen.Say(line);
            }
        }
        else
        {
            screen.Say(result.State switch
            {
                InstallScript.States.Enrolled => $"'{result.Name}' on {result.Board} has enrolled. Next: edgeprune push model.epb --device {result.Name} --hub ...",
                InstallScript.States.Started => $"The agent on {result.Board} runs and has not reached its hub yet. Look at it with: ssh {result.Board} journalctl -u edgeprune-agent -f",
                _ => $"The agent is installed on {result.Board}; it starts with the board.",
            });
        }

        screen.Json(result, CliJson.Default.InstallResult);
    }
}
