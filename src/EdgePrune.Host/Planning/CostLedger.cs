using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Keeps count of one figure while channels go.</summary>
internal sealed class CostLedger
{
    private readonly CostModel _model;
    private readonly IReadOnlyList<CostItem> _items;
    private readonly int[][] _itemsOfGroup;
    private readonly int[] _sizes;
    private readonly double[] _values;

    public CostLedger(CostModel model, IReadOnlyList<CostItem> items)
    {
        _model = model;
        _items = items;
        _sizes = [.. model.Sizes];
        _values = [.. items.Select(i => i.At(_sizes, model.Sizes))];
        Total = _values.Sum();
        var byAxis = items.Index().SelectMany(i => i.Item.Axes.Select(a => (Axis: a, i.Index))).ToLookup(p => p.Axis, p => p.Index);
        _itemsOfGroup = [.. model.Removals.Select((axes, group) => axes.Append(model.ChannelAxis(group)).SelectMany(a => byAxis[a]).Distinct().Order().ToArray())];
    }

    /// <summary>The figure now.</summary>
    public double Total { get; private set; }

    /// <summary>Groups whose savings change when channels of this group go, itself included.</summary>
    public IEnumerable<int> Neighbours(int group)
    {
        var items = _itemsOfGroup[group].ToHashSet();
        return Enumerable.Range(0, _itemsOfGroup.Length).Where(g => g == group || items.Overlaps(_itemsOfGroup[g]));
    }

    /// <summary>What removing these channels of a group would save now.</summary>
    public double Saving(int group, ReadOnlySpan<int> channels)
    {
        Shift(group, channels, -1);
        var saving = 0.0;
        foreach (var item in _itemsOfGroup[group])
        {
            saving += _values[item] - _items[item].At(_sizes, _model.Sizes);
        }

        Shift(group, channels, 1);
        return saving;
    }

    /// <summary>Removes channels of a group.</summary>
    public void Remove(int group, ReadOnlySpan<int> channels)
    {
        Shift(group, channels, -1);
        foreach (var item in _itemsOfGroup[group])
        {
            var value = _items[item].At(_sizes, _model.Sizes);
            Total += value - _values[item];
            _values[item] = value;
        }
    }

    /// <summary>All figures of a model that lost these channels of each group.</summary>
    public static Footprint Footprint(CostModel model, IReadOnlyList<IReadOnlyList<int>> removed)
    {
        double Total(RateUnit unit)
        {
            var ledger = new CostLedger(model, model.Items(unit));
            foreach (var (group, channels) in removed.Index())
            {
                ledger.Remove(group, [.. channels]);
            }

            return ledger.Total;
        }

        return new Footprint(
            (long)Total(RateUnit.Channels),
            (long)Total(RateUnit.Parameters),
            (long)Total(RateUnit.Macs),
            new ByteSize(model.FixedBytes + (long)Total(RateUnit.Bytes)),
            model.PredictsLatency ? TimeSpan.FromSeconds(Total(RateUnit.Latency)) : null);
    }

    private void Shift(int group, ReadOnlySpan<int> channels, int sign)
    {
        var axes = _model.Removals[group];
        foreach (var channel in channels)
        {
            var slices = _model.Analysis.Groups[group].Channels[channel].Slices;
            for (var i = 0; i < axes.Length; i++)
            {
                _sizes[axes[i]] += sign * slices[i].Count;
            }
        }

        _sizes[_model.ChannelAxis(group)] += sign * channels.Length;
    }
}
