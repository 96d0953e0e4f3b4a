using EdgePrune.Profiler;

namespace EdgePrune.Device;

/// <summary>
/// One model in memory with the bound tensors of its callers. It is released when it has been retired and the last call on it has ended.
/// </summary>
internal sealed class ModelGeneration
{
    private readonly Lock _gate = new();
    private readonly ModelRuntimeOptions _options;
    private readonly BoundSession _first;
    private readonly Stack<BoundSession> _idle;
    private int _busy;
    private bool _isRetired;

    /// <summary>Loads a model.</summary>
    /// <param name="slot">The model.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="Contracts.EdgePruneException">The file is gone, or ONNX Runtime cannot load it.</exception>
    public ModelGeneration(ModelSlot slot, ModelRuntimeOptions options)
    {
        (Slot, _options) = (slot, options);
        _first = BoundSession.Open(slot.ModelPath, options.Settings);
        _idle = new Stack<BoundSession>(options.KeptCalls);
        _idle.Push(_first);
        for (var i = 1; i < options.KeptCalls; i++)
        {
            _idle.Push(_first.Fork(options.Settings));
        }
    }

    /// <summary>The model.</summary>
    public ModelSlot Slot { get; }

    /// <summary>Whether everything of it is released.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Takes the tensors for one call.</summary>
    /// <returns>The tensors, or null when the generation is retired.</returns>
    public BoundSession? Take()
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            _busy++;
            if (_idle.TryPop(out var idle))
            {
                return idle;
            }
        }

        return Fork();
    }

    /// <summary>Gives the tensors of one call back.</summary>
    public void Return(BoundSession session)
    {
        lock (_gate)
        {
            _busy--;
            if (_idle.Count < _options.KeptCalls || session == _first)
            {
                _idle.Push(session);
            }
            else
            {
                session.Dispose();
            }

            ReleaseIfDone();
        }
    }

    /// <summary>No call may begin any more.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            ReleaseIfDone();
        }
    }

    private BoundSession Fork()
    {
        try
        {
            return _first.Fork(_options.Settings);
        }
        catch
        {
            lock (_gate)
            {
                _busy--;
                ReleaseIfDone();
            }

            throw;
        }
    }

    // The first session owns what the others share, so it goes last.
    private void ReleaseIfDone()
    {
        if (!_isRetired || _busy > 0 || IsReleased)
        {
            return;
        }

        IsReleased = true;
        foreach (var session in _idle.Where(s => s != _first))
        {
            session.Dispose();
        }

        _first.Dispose();
    }
}
