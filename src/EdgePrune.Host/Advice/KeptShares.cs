using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Which share of every axis stays when each group keeps a number of its channels.</summary>
internal sealed class KeptShares
{
    private readonly Dictionary<AxisRef, double> _lost = [];
    private readonly ModelAnalysis _analysis;

    /// <param name="analysis">The analysed model.</param>
    /// <param name="keep">Channels that each group keeps, in the order of the analysis.</param>
    public KeptShares(ModelAnalysis analysis, IReadOnlyList<int> keep)
    {
        _analysis = analysis;
        foreach (var (index, group) in analysis.Groups.Index())
        {
            var removed = 1 - ((double)keep[index] / group.Channels.Count);
            foreach (var (position, axis) in group.Axes.Index())
            {
                var indices = group.Channels.Sum(c => c.Slices[position].Count);
                _lost[axis] = _lost.GetValueOrDefault(axis) + (removed * indices / analysis.Linker.Classes.Size(axis));
            }
        }
    }

    /// <summary>Share of an axis that stays.</summary>
    public double Of(AxisRef axis) => 1 - _lost.GetValueOrDefault(axis);

    /// <summary>Share of a value's elements that stays.</summary>
    public double Of(Value value)
    {
        var rank = value.Constant?.Rank ?? _analysis.Shapes.Find(value)?.Length ?? 0;
        return Enumerable.Range(0, rank).Aggregate(1.0, (share, axis) => share * Of(new AxisRef(value, axis)));
    }

    /// <summary>Share of a contraction's weight that stays; that of a grouped convolution is no channel axis of a group.</summary>
    public double OfWeight(Contraction contraction) => Of(contraction.Weight.Value) * (contraction.Blocks > 1 ? Of(contraction.Data) : 1);
}
