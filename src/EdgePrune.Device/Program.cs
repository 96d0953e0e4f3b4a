using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Device;
using EdgePrune.Profiler;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

// Before anything can touch ONNX Runtime, which reads the variable once.
NativeEnvironment.DisableTelemetry();

return args switch
{
    [SelfTestWorker.Verb] => Converse(SelfTestWorker.Run),
    [MeasuringWorker.Verb] => Converse(MeasuringWorker.Run),
    [InferVerb.Verb, var model] => Infer(model),
    ["--help" or "-h" or "help", ..] => Print(AgentHelp.Text),
    _ => await RunAgentAsync(args).ConfigureAwait(false),
};

static int Converse(Func<Stream, Stream, int> worker)
{
#pragma warning disable RS0030 // A child process speaks with its parent over standard input and output.
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
#pragma warning restore RS0030
    return worker(input, output);
}

static int Infer(string model)
{
    try
    {
        return Converse((input, output) =>
        {
            InferVerb.Run(model, input, output);
            return (int)ExitCode.Stopped;
        });
    }
    catch (EdgePruneException e)
    {
#pragma warning disable RS0030 // Standard output is for the outputs.
        Console.Error.WriteLine(e.Message);
#pragma warning restore RS0030
        return (int)ExitCode.InvalidOptions;
    }
}

static async Task<int> RunAgentAsync(string[] args)
{
    AgentOptions options;
    try
    {
        options = new AgentOptionsReader(Environment.GetEnvironmentVariable, File.ReadAllText).Read(args);
    }
    catch (InputException e)
    {
#pragma warning disable RS0030 // There is no log before there are options.
        await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
#pragma warning restore RS0030
        return (int)ExitCode.InvalidOptions;
    }

    var log = new LoggerConfiguration()
        .MinimumLevel.Information()
        .WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Level:u3} {Message:lj}{NewLine}{Exception}")
        .CreateLogger();
    await using (log.ConfigureAwait(false))
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "EdgePrune.Device" });
        builder.Services.AddSerilog(log);
        builder.Services.AddEdgePruneAgent(options);
        using var host = builder.Build();
        var agent = host.Services.GetRequiredService<AgentService>();
        // Running ends with the disposal of the host and its services, so the agent is fetched before.
        await host.RunAsync().ConfigureAwait(false);
        return (int)agent.ExitCode;
    }
}

static int Print(string text)
{
#pragma warning disable RS0030 // The help is this program's only output that is not a log.
    Console.Out.WriteLine(text);
#pragma warning restore RS0030
    return (int)ExitCode.Stopped;
}
