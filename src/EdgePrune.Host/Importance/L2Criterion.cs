using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Group L2 norm: the square root of the summed squares of every weight that goes with a channel, where each constant
/// contributes relative to its own mean so that wide layers do not drown narrow ones.
/// </summary>
/// <remarks>
/// score(c) = sqrt( mean over constants t of ||t_c||^2 / mean_j ||t_j||^2 ), t_c being the slice of t that belongs to c.
/// Norm-based filter pruning: Li et al., Pruning Filters for Efficient ConvNets, ICLR 2017; summed over a dependency group:
/// Fang et al., DepGraph, CVPR 2023.
/// </remarks>
internal sealed class L2Criterion : ICriterion
{
    public string Name => "l2";

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var scores = new double[group.Channels.Count];
        var constants = group.Axes.Index().Where(a => a.Item.Value.Constant?.ElementType.IsFloat() == true && a.Item.Value.Constant.Rank > 1).ToList();
        foreach (var (position, axis) in constants)
        {
            var squares = SliceNorms.Squared(axis.Value.Constant!, axis.Axis);
            double[] energy = [.. group.Channels.Select(c => c.Slices[position].Sum(i => squares[i]))];
            var mean = energy.Average();
            for (var c = 0; c < scores.Length && mean > 0; c++)
            {
                scores[c] += energy[c] / mean / constants.Count;
            }
        }

        return [.. scores.Select(Math.Sqrt)];
    }
}
