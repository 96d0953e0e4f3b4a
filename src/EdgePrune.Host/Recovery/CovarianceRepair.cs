using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Training-free repair: every consumer of removed channels takes over what the kept ones can predict of them.
/// </summary>
/// <remarks>
/// With x_P = M x_S + m, a consumer's W_S x_S + W_P x_P is (W_S + W_P M) x_S + W_P m: the first part goes into its
/// weights, the second into its bias. It needs no gradient, no label, and one covariance for each activation.
/// </remarks>
internal static class CovarianceRepair
{
    /// <summary>Adapts the pruned model's consumers in place.</summary>
    /// <param name="analysis">The original.</param>
    /// <param name="removed">What was removed.</param>
    /// <param name="pruned">The model to adapt.</param>
    /// <param name="statistics">Statistics at consumers' inputs.</param>
    /// <param name="mostGrowth">A consumer stays as it is when the norm of its weights would exceed so many times the original's.</param>
    /// <returns>Number of consumers that were adapted.</returns>
    public static int Apply(ModelAnalysis analysis, RemovedChannels removed, Model pruned, IReadOnlyDictionary<AxisRef, ChannelStatistics> statistics, double mostGrowth = double.PositiveInfinity)
    {
        var editor = new GraphEditor(pruned.Graph);
        var covariances = new Dictionary<AxisRef, double[,]>();
        var shared = analysis.Contractions.CountBy(c => c.Weight.Value).Where(w => w.Value > 1).Select(w => w.Key).ToHashSet();
        var adapted = 0;
        foreach (var contraction in analysis.Contractions.Where(c => c.IsAffine && !c.IsRecurrent && removed.Of(c.Data).Count > 0 && !shared.Contains(c.Weight.Value)))
        {
            if (!statistics.TryGetValue(contraction.Data, out var axis))
            {
                continue;
            }

            if (!covariances.TryGetValue(contraction.Data, out var covariance))
            {
                covariances[contraction.Data] = covariance = axis.Covariance();
            }

            adapted += new ConsumerRepair(contraction, axis, covariance, removed).Fold(editor, mostGrowth) ? 1 : 0;
        }

        return adapted;
    }
}
