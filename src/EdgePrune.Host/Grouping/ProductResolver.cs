using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Ties axes that are products of others, as reshapes make them. A product axis can follow one factor only: the channels
/// that are removed of it must form whole rows or whole columns.
/// </summary>
/// <remarks>
/// Worked example: 4 channels become 2 heads of 2 dimensions. Removing head 1 removes channels 2 and 3; removing dimension 1
/// of every head removes channels 1 and 3; removing channel 3 alone leaves no rectangle.
/// </remarks>
internal sealed class ProductResolver(ChannelClasses classes, AttentionRule preference)
{
    private readonly List<AxisProduct> _open = [];

    public void Add(AxisProduct product) => _open.Add(product);

    /// <summary>Adds the products behind a reshape of several axes to several others.</summary>
    public void Add(AxisRegroup regroup)
    {
        var finer = AxisRef.Detached($"{regroup.A[0].Value.Name}'s finer axes", regroup.Sizes.Count);
        foreach (var (axis, size) in finer.Zip(regroup.Sizes))
        {
            classes.AddFinerAxis(axis, (int)size);
        }

        Split(regroup.A, regroup.CountsA, finer);
        Split(regroup.B, regroup.CountsB, finer);
    }

    /// <summary>
    /// Ties every product. One with a single factor that can still be pruned is settled first, because it may settle others;
    /// where several could be, one is chosen and the others stay whole.
    /// </summary>
    public void Resolve()
    {
        while (_open.Count > 0)
        {
            if (_open.RemoveAll(TryResolve) == 0)
            {
                Choose(_open[0]);
            }
        }
    }

    private void Split(IReadOnlyList<AxisRef> axes, IReadOnlyList<int> counts, IReadOnlyList<AxisRef> finer)
    {
        var start = 0;
        foreach (var (axis, count) in axes.Zip(counts))
        {
            _open.Add(new AxisProduct([.. finer.Skip(start).Take(count)], axis));
            start += count;
        }
    }

    private bool TryResolve(AxisProduct product)
    {
        var live = product.Factors.Where(classes.IsLive).ToList();
        if (live.Count > 1)
        {
            return false;
        }

        if (live.Count == 0)
        {
            var reason = product.Factors.Select(classes.FirstPin).FirstOrDefault(p => p is not null);
            classes.Pin(product.Merged, reason ?? new PinReason(PinKind.UnknownShape, $"'{product.Merged.Value.Name}' has no channels."));
            return true;
        }

        var position = product.Factors.ToList().IndexOf(live[0]);
        var map = new IndexMap.Block(Elements(product.Factors.Take(position)), Elements(product.Factors.Skip(position + 1)));
        classes.Tie(new AxisTie(live[0], product.Merged, map));
        return true;
    }

    private void Choose(AxisProduct product)
    {
        var live = product.Factors.Where(classes.IsLive).ToList();
        var chosen = preference == AttentionRule.Heads ? live[0] : live[^1];
        foreach (var other in live.Where(f => f != chosen))
        {
            classes.Pin(other, new PinReason(PinKind.AmbiguousReshape,
                $"A reshape makes '{product.Merged.Value.Name}' the product of {live.Count} axes that could be pruned; only the {(preference == AttentionRule.Heads ? "outer" : "inner")} one of {classes.Size(chosen)} is."));
        }
    }

    private int Elements(IEnumerable<AxisRef> axes) => axes.Aggregate(1, (product, axis) => product * classes.Size(axis));
}
