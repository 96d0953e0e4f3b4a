namespace EdgePrune.Device;

/// <summary>
/// The model that an embedding application should serve. Changes only to bundles that passed their trial; while an
/// update is on its way, and when it fails, the old model stays.
/// </summary>
public sealed class RunningModel
{
    private volatile ModelSlot? _current;

    /// <summary>Raised after <see cref="Current"/> changed, on the agent's task: hand the work over and return soon.</summary>
    public event EventHandler? Changed;

    /// <summary>The newest good model, or null while there is none. Safe to read from any thread.</summary>
    public ModelSlot? Current => _current;

    internal void Set(ModelSlot? slot)
    {
        if (_current != slot)
        {
            _current = slot;
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
