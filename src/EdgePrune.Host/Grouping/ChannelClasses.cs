using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Union-find over every index of every axis of every value: indices in one class are the same channel and go together.
/// </summary>
/// <remarks>
/// Worked example with 4 channels: conv1 gives [N, 4, H, W] and Flatten makes [N, 8] of H x W = 2. Channel 1 is row 1 of
/// conv1's weight, entry 1 of its bias, index 1 of its output and indices 2 and 3 of the flat tensor: one class.
/// </remarks>
internal sealed class ChannelClasses
{
    private readonly Dictionary<AxisRef, (int First, int Size)> _axes = [];
    private readonly Dictionary<int, PinReason> _pins = [];
    private readonly HashSet<AxisRef> _finer = [];
    private int[] _parents = new int[1024];
    private int _count;

    /// <summary>Every axis of the model with its size, in the order in which they were first met.</summary>
    public IEnumerable<KeyValuePair<AxisRef, (int First, int Size)>> Axes => _axes.Where(a => !_finer.Contains(a.Key));

    public void AddAxis(AxisRef axis, int size)
    {
        if (!_axes.TryAdd(axis, (_count, size)))
        {
            return;
        }

        if (_parents.Length < _count + size)
        {
            Array.Resize(ref _parents, Math.Max(2 * _parents.Length, _count + size));
        }

        for (var end = _count + size; _count < end; _count++)
        {
            _parents[_count] = _count;
        }
    }

    /// <summary>Adds an axis that no value has: one of the finer axes that a reshape regroups.</summary>
    public void AddFinerAxis(AxisRef axis, int size)
    {
        AddAxis(axis, size);
        _finer.Add(axis);
    }

    /// <summary>Makes room for as many axes, so that the tables of a large model are not moved again and again.</summary>
    public void Expect(int axes) => _axes.EnsureCapacity(axes);

    public bool Contains(AxisRef axis) => _axes.ContainsKey(axis);

    public int Size(AxisRef axis) => _axes[axis].Size;

    public int ClassOf(AxisRef axis, int index) => Root(_axes[axis].First + index);

    public PinReason? PinOf(int root) => _pins.GetValueOrDefault(root);

    /// <summary>Whether any index of the axis may still be pruned.</summary>
    public bool IsLive(AxisRef axis)
    {
        var (first, size) = _axes[axis];
        return Enumerable.Range(first, size).Any(id => !_pins.ContainsKey(Root(id)));
    }

    public PinReason? FirstPin(AxisRef axis)
    {
        var (first, size) = _axes[axis];
        return Enumerable.Range(first, size).Select(id => PinOf(Root(id))).FirstOrDefault(p => p is not null);
    }

    public void Pin(AxisRef axis, PinReason reason, IReadOnlyList<int>? indices = null)
    {
        var (first, size) = _axes[axis];
        foreach (var index in indices ?? Enumerable.Range(0, size))
        {
            _pins.TryAdd(Root(first + index), reason);
        }
    }

    public void Tie(AxisTie tie)
    {
        var (a, b) = (_axes[tie.A], _axes[tie.B]);
        foreach (var (i, j) in tie.Map.Pairs(a.Size, b.Size))
        {
            Union(a.First + i, b.First + j);
        }
    }

    /// <summary>The class of an index's id.</summary>
    public int Root(int id)
    {
        while (_parents[id] != id)
        {
            _parents[id] = _parents[_parents[id]];
            id = _parents[id];
        }

        return id;
    }

    private void Union(int a, int b)
    {
        var (rootA, rootB) = (Root(a), Root(b));
        if (rootA == rootB)
        {
            return;
        }

        // The lower id leads, so that classes do not depend on the order of unions.
        var (root, child) = rootA < rootB ? (rootA, rootB) : (rootB, rootA);
        _parents[child] = root;
        if (_pins.Remove(child, out var reason))
        {
            _pins.TryAdd(root, reason);
        }
    }
}
