using System.CommandLine;
using System.Globalization;
using EdgePrune.Hub;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace EdgePrune.Cli;

/// <summary><c>hub</c>: serves devices until it is stopped.</summary>
internal sealed class HubCommand : VerbCommand
{
    /// <summary>The environment variable with the token that devices enrol with.</summary>
    public const string EnrolmentVariable = "EDGEPRUNE_ENROLMENT_TOKEN";

    private const int DefaultPort = 8420;

    private readonly Option<string> _data = new("--data") { Description = "Folder of the database and the blobs; made when it does not exist.", HelpName = "FOLDER", Required = true };
    private readonly Option<string> _listen = new("--listen") { Description = "IP address to listen on; 0.0.0.0 is every interface.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "TCP port; 0 is any that is free.", HelpName = "NUMBER", DefaultValueFactory = _ => DefaultPort };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "PEM file of the TLS certificate. Default: plain HTTP.", HelpName = "FILE" };
    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "PEM file of the certificate's private key.", HelpName = "FILE" };

    private readonly Option<int> _runs = new("--keep-runs") { Description = "Measurements kept for each device, 1 to 100000; the oldest beyond that are dropped.", HelpName = "COUNT", DefaultValueFactory = _ => HubOptions.DefaultMaxRunsPerDevice };

    public HubCommand(ToolShell shell)
        : base(shell, "hub",
            $"Serve a fleet of devices until stopped with Ctrl-C, which is exit code 0. Tokens come from {EnrolmentVariable} and {OperatorOptions.TokenVariable}, or are made and printed.",
            "edgeprune hub --data ./hub --listen 127.0.0.1 --port 8420\nedgeprune hub --data ./hub --keep-runs 1000")
    {
        Add(_data);
        Add(_listen);
        Add(_port);
        Add(_certificate);
        Add(_certificateKey);
        Add(_runs);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var options = ReadOptions(parse, screen.Shell);
        await using var log = Log();
        using var loggers = new SerilogLoggerFactory(log);
        await using var hub = await HubServer.StartAsync(options, loggers, screen.Shell.Clock, cancellationToken).ConfigureAwait(false);
        screen.Say($"Hub at {hub.Address}, data in {Path.GetFullPath(options.DataFolder)}.");
        screen.Say($"Enrolment token, for devices:  {options.EnrolmentToken}");
        screen.Say($"Operator token, for you:       {options.OperatorToken}");
        screen.Say("Stop with Ctrl-C.");
        screen.Json(new HubResult(hub.Address.ToString(), options.EnrolmentToken, options.OperatorToken), CliJson.Default.HubResult);
        await screen.Shell.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await hub.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.Note("The hub is stopping; everything it acknowledged is on disk.");
        }

        return ExitCodes.Done;
    }

    private HubOptions ReadOptions(ParseResult parse, ToolShell shell) => new()
    {
        DataFolder = parse.GetRequiredValue(_data),
        Address = parse.GetRequiredValue(_listen),
        Port = parse.GetValue(_port),
        CertificatePath = parse.GetValue(_certificate),
        CertificateKeyPath = parse.GetValue(_certificateKey),
        MaxRunsPerDevice = parse.GetValue(_runs),
        EnrolmentToken = shell.Environment(EnrolmentVariable) is { Length: > 0 } enrolment ? enrolment : Secrets.NewToken(),
        OperatorToken = shell.Environment(OperatorOptions.TokenVariable) is { Length: > 0 } token ? token : Secrets.NewToken(),
    };

    private static Serilog.Core.Logger Log() => new LoggerConfiguration()
        .MinimumLevel.Information()
        .WriteTo.Console(
            formatProvider: CultureInfo.InvariantCulture,
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Level:u3} {Message:lj}{NewLine}{Exception}",
            standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();
}
