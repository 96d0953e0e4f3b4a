using EdgePrune.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgePrune.Device;

/// <summary>Puts the agent into an application's host.</summary>
public static class AgentRegistration
{
    /// <summary>
    /// Adds the agent and <see cref="RunningModel"/>, from which the application takes the model to serve:
    /// <c>services.AddEdgePruneAgent(options)</c>, then inject <see cref="RunningModel"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">The agent's options; set <see cref="AgentOptions.Worker"/> to the agent program.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InputException">The options are wrong; the message lists every fault.</exception>
    public static IServiceCollection AddEdgePruneAgent(this IServiceCollection services, AgentOptions options)
    {
        options.RequireSound();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<RunningModel>();
        services.AddSingleton<AgentService>();
        services.AddHostedService(provider => provider.GetRequiredService<AgentService>());
        return services;
    }
}
