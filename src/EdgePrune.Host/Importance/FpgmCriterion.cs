using System.Numerics.Tensors;

namespace EdgePrune.Host;

/// <summary>
/// Distance to the geometric median: a channel whose filters lie amid the others can be replaced by them, however large its
/// norm is.
/// </summary>
/// <remarks>
/// score(i) = sum over j of ||w_i - w_j||_2 over raw weights, so that w and -w are far apart. w_i joins the channel's filters in all
/// producers and carriers, each divided by the root of its mean squared norm; what reads the channels does not count, because
/// equal readers make no channel redundant. He et al., Filter Pruning via Geometric Median, CVPR 2019. Not comparable
/// between groups: distances have the scale of the layer. Costs channels squared times the size of a filter.
/// </remarks>
internal sealed class FpgmCriterion : ICriterion
{
    public string Name => "fpgm";

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var channels = group.Channels.Count;
        var distances = new double[channels];
        var filters = Filters(group);
        for (var i = 0; i < channels; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var distance = TensorPrimitives.Distance<float>(filters[i], filters[j]);
                distances[i] += distance;
                distances[j] += distance;
            }
        }

        return distances;
    }

    // One joined vector a channel. Where channels own unequally many slices, a missing one counts as zero.
    private static float[][] Filters(PruningGroup group)
    {
        var parts = GroupWeights.Filters(group).Select(w => Scaled(group, w)).ToList();
        return [.. group.Channels.Select((_, c) => parts.SelectMany(p => p[c]).ToArray())];
    }

    private static float[][] Scaled(PruningGroup group, IChannelWeights weights)
    {
        var scale = weights.Sums(power: 2).Average() is > 0 and var mean ? (float)(1 / Math.Sqrt(mean)) : 0;
        float[][] rows = [.. group.Channels.Select((_, c) => Array.ConvertAll(weights.Read(c), w => w * scale))];
        var length = rows.Max(r => r.Length);
        return Array.ConvertAll(rows, r => r.Length == length ? r : [.. r, .. new float[length - r.Length]]);
    }
}
