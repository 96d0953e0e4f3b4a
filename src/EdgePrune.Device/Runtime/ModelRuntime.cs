using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>
/// Runs the model that the agent serves, always the newest good one: after a swap the new model is loaded while calls go on with the old one; calls
/// that began before end on the model they began with, then the old one is released.
/// </summary>
/// <remarks>For any number of threads at the same time.</remarks>
public sealed class ModelRuntime : IDisposable
{
    private readonly RunningModel _running;
    private readonly ModelRuntimeOptions _options;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ModelGeneration? _current;
    private Task _loading = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Follows what the agent serves.</summary>
    /// <param name="running">The model that the agent serves.</param>
    /// <param name="options">How models run.</param>
    /// <param name="log">Told of swaps, and of models that cannot be loaded.</param>
    /// <exception cref="InputException">The options are out of range.</exception>
    public ModelRuntime(RunningModel running, ModelRuntimeOptions options, ILogger<ModelRuntime> log)
    {
        if (options.KeptCalls is < 1 or > 64)
        {
            throw new InputException(ErrorCode.InvalidOption, $"KeptCalls is {options.KeptCalls}; it must be 1 to 64.");
        }

        (_running, _options, _log) = (running, options, log);
        running.Changed += Follow;
        Follow(this, EventArgs.Empty);
    }

    /// <summary>The model that the next call runs, or null while there is none.</summary>
    public ModelSlot? Current => _current?.Slot;

    /// <summary>
    /// Raised after the model of new calls changed, on a thread of the pool. Whoever subscribes after <see cref="WaitAsync"/> hears of later models only.
    /// </summary>
    public event EventHandler? Swapped;

    /// <summary>Waits for the first model, until whoever subscribed to <see cref="Swapped"/> has been told of it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When calls can be made.</returns>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Begins a call on the newest good model.</summary>
    /// <returns>The call; dispose of it when the outputs have been read.</returns>
    /// <exception cref="InvalidOperationException">There is no model yet, or the runtime is disposed.</exception>
    public ModelCall Begin() => TryBegin(out var call) ? call : throw new InvalidOperationException("There is no model to run yet. Wait for WaitAsync first, or use TryBegin.");

    /// <summary>Begins a call on the newest good model, if there is one.</summary>
    /// <param name="call">The call; dispose of it when the outputs have been read.</param>
    /// <returns>Whether there is a model.</returns>
    public bool TryBegin(out ModelCall call)
    {
        // A generation that is retired between both lines has a successor already, unless there is no model any more.
        for (var generation = _current; generation is not null; generation = _current)
        {
            if (generation.Take() is { } session)
            {
                call = new ModelCall(generation, session);
                return true;
            }
        }

        call = default;
        return false;
    }

    /// <summary>Releases the model when the calls on it have ended.</summary>
    public void Dispose()
    {
        _running.Changed -= Follow;
        lock (_gate)
        {
            _isDisposed = true;
            Replace(null);
        }
    }

    // Loading takes long, and the agent waits for whoever hears of the change: one after the other, on another thread.
    private void Follow(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            _loading = _loading.ContinueWith(_ => Load(), TaskScheduler.Default);
        }
    }

    private void Load()
    {
        var slot = _running.Current;
        if (slot == Current)
        {
            return;
        }

        ModelGeneration? next;
        try
        {
            next = slot is null ? null : new ModelGeneration(slot, _options);
        }
        catch (EdgePruneException failure)
        {
            _log.LogError("'{Name}' version {Version} passed its self-test but cannot be loaded here, so that {Old} goes on: {Reason}", slot!.Name, slot.Version, Current?.Identity ?? "nothing", failure.Message);
            return;
        }

        lock (_gate)
        {
            if (_isDisposed)
            {
                next?.Retire();
                return;
            }

            Replace(next);
        }

        _log.LogInformation("Calls run '{Name}' version {Version} from now on", slot?.Name, slot?.Version);
        try
        {
            Swapped?.Invoke(this, EventArgs.Empty);
        }
        finally
        {
            if (slot is not null)
            {
                _ready.TrySetResult();
            }
        }
    }

    private void Replace(ModelGeneration? next)
    {
        var old = _current;
        _current = next;
        old?.Retire();
    }
}
