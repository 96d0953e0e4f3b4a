namespace EdgePrune.Host;

/// <summary>Versions that are counted in memory, for one search on devices that keep nothing from an earlier one.</summary>
/// <param name="first">The first version of every name. Default: 1.</param>
public sealed class VersionSequence(long first = 1) : IVersionSequence
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public long Next(string name)
    {
        lock (_lock)
        {
            return _last[name] = _last.TryGetValue(name, out var last) ? last + 1 : first;
        }
    }
}
