using EdgePrune.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Hub;

/// <summary>
/// A running hub: enrols devices, keeps blobs and what each device should run, and collects what happened. Everything
/// it acknowledged is on disk and survives a restart (docs/specs/hub-api.md).
/// </summary>
public sealed class HubServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HubState _state;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    private HubServer(WebApplication web, HubState state, Uri address)
    {
        _web = web;
        _state = state;
        Address = address;
    }

    /// <summary>Where the hub can be reached from this machine; the port is the one it really listens on.</summary>
    public Uri Address { get; }

    /// <summary>Starts a hub.</summary>
    /// <param name="options">Where it keeps its data, where it listens and who may speak to it.</param>
    /// <param name="loggers">Where it logs, or null for nowhere.</param>
    /// <param name="clock">The clock of every wait and time stamp.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <returns>The hub, listening.</returns>
    /// <exception cref="InputException">The options are wrong, the address cannot be listened on, or another hub uses the data folder.</exception>
    public static async Task<HubServer> StartAsync(HubOptions options, ILoggerFactory? loggers, TimeProvider clock, CancellationToken ct)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The hub cannot start: {string.Join(' ', faults)}");
        }

        var state = await HubState.OpenAsync(options.DataFolder, clock);
        WebApplication? web = null;
        try
        {
            web = HubWeb.Build(options, state, loggers, clock);
            await ListenAsync(web, options, ct);
            return new HubServer(web, state, HubWeb.ReachableAddress(web));
        }
        catch
        {
            if (web is not null)
            {
                await web.DisposeAsync();
            }

            await state.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the hub has been disposed.</summary>
    /// <param name="ct">Stops waiting; the hub goes on.</param>
    /// <returns>A task that ends with the hub.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled first.</exception>
    public Task WaitForShutdownAsync(CancellationToken ct) => _stopped.Task.WaitAsync(ct);

    /// <summary>Stops the hub: open long polls are answered with nothing, uploads under way are dropped, and the database is closed.</summary>
    /// <returns>A task that ends when nothing of the hub is left running.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await _stopped.Task;
            return;
        }

        try
        {
            await _web.StopAsync();
            await _web.DisposeAsync();
        }
        finally
        {
            await _state.DisposeAsync();
            _stopped.TrySetResult();
        }
    }

    private static async Task ListenAsync(WebApplication web, HubOptions options, CancellationToken ct)
    {
        try
        {
            await web.StartAsync(ct);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new InputException(ErrorCode.InvalidOption,
                $"The hub cannot listen on {options.Address} port {options.Port}: {e.Message} Choose another port, or 0 for any that is free.", e);
        }
    }
}
