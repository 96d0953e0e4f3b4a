using EdgePrune.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace EdgePrune.Device;

/// <summary>The agent as a program of its own.</summary>
internal static class AgentProgram
{
    /// <summary>Reads the options and runs the agent until it is stopped.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">The options are wrong; the message lists every fault.</exception>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args)
    {
        var reader = new AgentOptionsReader(Environment.GetEnvironmentVariable, File.ReadAllText);
        var options = reader.Read(args);
        var log = AgentLog.Open(options, () => reader.Read(args));
        await using (log.ConfigureAwait(false))
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "EdgePrune.Device" });
            builder.Services.AddSerilog(log.Logger);
            builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
            builder.Services.AddEdgePruneAgent(options);
            using var host = builder.Build();
            var agent = host.Services.GetRequiredService<AgentService>();
            log.Logger.Information("The agent {Version} starts as {Device}, a {Target}, for the hub {Hub}.", AgentVersion.Text, options.Name, options.Target, options.Hub);
            // Running ends with the disposal of the host and its services, so the agent is fetched before.
            await host.RunAsync().ConfigureAwait(false);
            return agent.ExitCode;
        }
    }
}
