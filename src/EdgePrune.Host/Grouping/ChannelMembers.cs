using System.Runtime.InteropServices;

namespace EdgePrune.Host;

/// <summary>Where one channel lies: the axes it touches, by their number in the order in which they were met, and its indices on each.</summary>
internal sealed class ChannelMembers
{
    private readonly List<int> _axes = [];
    private readonly List<int> _starts = [];
    private readonly List<int> _indices = [];

    /// <summary>Numbers of the axes, ascending.</summary>
    public IReadOnlyList<int> Axes => _axes;

    /// <summary>Two channels are equal by this when they touch the same axes.</summary>
    public static IEqualityComparer<ChannelMembers> ByAxes { get; } = EqualityComparer<ChannelMembers>.Create(
        (a, b) => ReferenceEquals(a, b) || (a is not null && b is not null && a._axes.SequenceEqual(b._axes)),
        m => Hash(m._axes));

    /// <summary>Adds an index; axes are added one after the other.</summary>
    public void Add(int axis, int index)
    {
        if (_axes.Count == 0 || _axes[^1] != axis)
        {
            _axes.Add(axis);
            _starts.Add(_indices.Count);
        }

        _indices.Add(index);
    }

    /// <summary>The indices on each axis.</summary>
    public IReadOnlyList<int>[] Slices()
    {
        var slices = new IReadOnlyList<int>[_axes.Count];
        for (var i = 0; i < slices.Length; i++)
        {
            var end = i + 1 < slices.Length ? _starts[i + 1] : _indices.Count;
            slices[i] = CollectionsMarshal.AsSpan(_indices)[_starts[i]..end].ToArray();
        }

        return slices;
    }

    private static int Hash(List<int> axes)
    {
        var hash = default(HashCode);
        foreach (var axis in axes)
        {
            hash.Add(axis);
        }

        return hash.ToHashCode();
    }
}
