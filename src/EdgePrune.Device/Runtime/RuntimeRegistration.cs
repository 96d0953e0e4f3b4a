using EdgePrune.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgePrune.Device;

/// <summary>Puts the agent and the model that it serves into an application's host.</summary>
public static class RuntimeRegistration
{
    /// <summary>
    /// Adds the agent, which keeps the model up to date, and <see cref="ModelRuntime"/>, which runs it:
    /// <c>services.AddEdgePruneRuntime(agent)</c>, then inject <see cref="ModelRuntime"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="agent">The agent's options; set <see cref="AgentOptions.Worker"/> to the agent program.</param>
    /// <param name="runtime">How models run, or null for the defaults.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InputException">The agent's options are wrong; the message lists every fault.</exception>
    public static IServiceCollection AddEdgePruneRuntime(this IServiceCollection services, AgentOptions agent, ModelRuntimeOptions? runtime = null)
    {
        services.TryAddSingleton(runtime ?? new ModelRuntimeOptions());
        services.TryAddSingleton<ModelRuntime>();
        return services.AddEdgePruneAgent(agent);
    }
}
