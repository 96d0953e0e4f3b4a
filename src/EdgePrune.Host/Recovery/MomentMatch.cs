using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Gives each output channel of a layer the original's mean and deviation again: what re-estimating batch normalization does,
/// where it is folded. For layers whose output is no product of rows, such as transposed convolutions.
/// </summary>
/// <remarks>
/// The factor is capped and half shrunk towards 1, because a channel that hardly varies any more would only be made loud:
/// what is left of it is error.
/// </remarks>
internal sealed class MomentMatch
{
    private const double MostFactor = 2;
    private readonly double[] _factors;
    private readonly double[] _shifts;

    private MomentMatch(double[] factors, double[] shifts)
    {
        _factors = factors;
        _shifts = shifts;
    }

    /// <summary>Compares a layer's output in the pruned model with the original's.</summary>
    public static MomentMatch Fit(ChannelPairs pairs)
    {
        var factors = new double[pairs.Channels];
        var shifts = new double[pairs.Channels];
        for (var channel = 0; channel < factors.Length; channel++)
        {
            var ((mean, deviation), (wantedMean, wantedDeviation)) = (pairs.Given(channel), pairs.Wanted(channel));
            var factor = deviation > 1e-6 * wantedDeviation && wantedDeviation > 0 ? wantedDeviation / deviation : 1;
            factors[channel] = (1 + Math.Clamp(factor, 1 / MostFactor, MostFactor)) / 2;
            shifts[channel] = wantedMean - (factors[channel] * mean);
        }

        return new MomentMatch(factors, shifts);
    }

    /// <summary>Error of the matched output as a share of the original's variance.</summary>
    public double Error(ChannelPairs pairs) => pairs.Error(_factors, _shifts);

    /// <summary>The layer's weights with the matching folded in.</summary>
    public LayerWeights Apply(LayerWeights weights) => new(
        [.. weights.Rows.Select((row, m) => Array.ConvertAll(row, w => w * _factors[m]))],
        [.. weights.Intercepts.Select((b, m) => (b * _factors[m]) + _shifts[m])]);
}
