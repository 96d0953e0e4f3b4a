namespace EdgePrune.Host;

/// <summary>
/// The best affine prediction of removed channels from kept ones: x_P = M x_S + m with
/// M = Cov_PS (Cov_SS + lambda I)^-1 and m = mean_P - M mean_S.
/// </summary>
/// <remarks>Least-squares channel reconstruction: He et al., Channel Pruning, ICCV 2017; here from the covariance alone.</remarks>
internal sealed class ChannelPrediction
{
    /// <summary>Ridge, relative to the mean variance of the kept channels.</summary>
    private const double Ridge = 1e-3;

    private ChannelPrediction(int[] removed, int[] kept, double[][] mix)
    {
        Removed = removed;
        Kept = kept;
        Mix = mix;
    }

    /// <summary>Channels that are predicted.</summary>
    public int[] Removed { get; }

    /// <summary>Channels they are predicted from.</summary>
    public int[] Kept { get; }

    /// <summary>M: one row for each removed channel, one column for each kept one.</summary>
    public double[][] Mix { get; }

    public static ChannelPrediction Fit(double[,] covariance, int[] removed, int[] kept)
    {
        var mix = Array.ConvertAll(removed, p => Array.ConvertAll(kept, s => covariance[p, s]));
        var variance = kept.Average(s => covariance[s, s]);
        for (var ridge = Ridge; ridge < 1; ridge *= 10)
        {
            var system = Array.ConvertAll(kept, i => Array.ConvertAll(kept, j => covariance[i, j] + (i == j ? ridge * variance : 0)));
            var solution = Array.ConvertAll(mix, row => row.ToArray());
            if (variance > 0 && Cholesky.TrySolve(system, solution))
            {
                return new ChannelPrediction(removed, kept, solution);
            }
        }

        // Constant activations: the mean alone predicts them.
        return new ChannelPrediction(removed, kept, Array.ConvertAll(mix, row => new double[row.Length]));
    }

    /// <summary>m of one removed channel at one position.</summary>
    public double Intercept(ChannelStatistics statistics, int row, int position)
    {
        var intercept = statistics.Mean(Removed[row], position);
        for (var s = 0; s < Kept.Length; s++)
        {
            intercept -= Mix[row][s] * statistics.Mean(Kept[s], position);
        }

        return intercept;
    }
}
