using Microsoft.Extensions.Hosting;

namespace EdgePrune.Hub;

/// <summary>Leaves Ctrl-C and termination to the program the hub runs in; the framework's own would swallow them.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
