namespace EdgePrune.Host;

/// <summary>Decides how many channels each group keeps: one method for each scope.</summary>
internal sealed class WidthPlanner
{
    private readonly IReadOnlyList<GroupSlot> _slots;
    private readonly CostModel _cost;
    private readonly PlanOptions _options;
    private readonly bool _isComparable;
    private readonly double _whole;

    public WidthPlanner(IReadOnlyList<GroupSlot> slots, CostModel cost, PlanOptions options, bool isComparable)
    {
        _slots = slots;
        _cost = cost;
        _options = options;
        _isComparable = isComparable;
        _whole = (options.Basis?.Footprint ?? CostLedger.Footprint(cost, [])).Of(options.RateOf);
    }

    /// <summary>Channels that stay in each group.</summary>
    public int[] Widths() => _options switch
    {
        { Sensitivity: { } curves } => Greedy((group, width, next) => curves.Loss(_slots[group], next) - curves.Loss(_slots[group], width), weighted: true),
        { Scope: PruningScope.PerLayer } => OneRate(PerLayer, _slots.Select(s => s.Original)),
        { Scope: PruningScope.Isomorphic } => Isomorphic(new IsomorphicClasses(_slots, _cost, ScoreLoss, _isComparable)),
        _ => Greedy(ScoreLoss, _isComparable),
    };

    private int[] PerLayer(double rate) => [.. _slots.Select(s => s.Round(GroupWidths.Keep(s.Original, Math.Min(rate, s.Limit))))];

    private int[] Isomorphic(IsomorphicClasses classes) => OneRate(classes.Widths, classes.Sizes);

    private int[] Greedy(Func<int, int, int, double> loss, bool weighted)
    {
        var saving = new CostLedger(_cost, weighted && _options.RateOf != RateUnit.Channels ? _cost.Items(_options.RateOf) : weighted ? _cost.Balanced() : _cost.Items(RateUnit.Channels));
        var figure = new CostLedger(_cost, _cost.Items(_options.RateOf));
        var allowed = Allowed();
        if (IsReached(figure.Total, allowed))
        {
            return [.. _slots.Select(s => s.Channels)];
        }

        return new GreedyAllocation(_slots, loss, saving).Run([.. Enumerable.Range(0, _slots.Count)], (group, gone) =>
        {
            figure.Remove(group, gone);
            return IsReached(figure.Total, allowed);
        });
    }

    // Scores of what goes: the loss that repair cannot bring back for criteria in one unit, shares of the group's mean for others.
    private double ScoreLoss(int group, int width, int next)
    {
        var sum = 0.0;
        foreach (var channel in _slots[group].Between(width, next))
        {
            sum += _slots[group].Scores[channel];
        }

        return sum;
    }

    // Of channels, the rate is each group's own; of any other figure, the lowest rate that saves enough is looked for.
    private int[] OneRate(Func<double, int[]> widths, IEnumerable<int> sizes)
    {
        if (_options.RateOf == RateUnit.Channels)
        {
            return widths(_options.Rate);
        }

        double[] rates = [.. sizes.Distinct().SelectMany(size => Enumerable.Range(0, size).Select(gone => (double)gone / size)).Distinct().Order()];
        var (low, high) = (0, rates.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (IsReached(Figure(widths(rates[middle])), Allowed()))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return rates.Length == 0 ? [] : widths(rates[low]);
    }

    private double Figure(int[] widths)
    {
        var ledger = new CostLedger(_cost, _cost.Items(_options.RateOf));
        for (var group = 0; group < widths.Length; group++)
        {
            ledger.Remove(group, _slots[group].Removed(widths[group]));
        }

        return ledger.Total;
    }

    // What may be left of the figure; the file has bytes that no channel takes along.
    private double Allowed() => (_whole * (1 - _options.Rate)) - (_options.RateOf == RateUnit.Bytes ? _cost.FixedBytes : 0);

    private bool IsReached(double left, double allowed) => left <= allowed + (1e-9 * Math.Max(1e-9, _whole));
}
