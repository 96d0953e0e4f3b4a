using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Mean and covariance of the channels on one axis of one activation, gathered in one pass with double accumulation.
/// </summary>
/// <remarks>
/// A channel may own several indices of the axis (Flatten gives it one for each position). The t-th index of every channel
/// is position t: means are kept for each index, the covariance is pooled over positions after centring each. Memory is
/// channels squared, whatever the number of samples. Example with 4 channels of 3 positions: 12 means, a 4 x 4 covariance.
/// </remarks>
internal sealed class ChannelStatistics
{
    private const int MaxPositionsPerSample = 64;
    private const int Band = 8;
    private readonly double[] _sums;
    private readonly double[,] _products;
    private long _count;

    /// <param name="axis">The axis.</param>
    /// <param name="members">For each channel the indices it owns, equally many for every channel.</param>
    public ChannelStatistics(AxisRef axis, IReadOnlyList<IReadOnlyList<int>> members)
    {
        Axis = axis;
        Members = members;
        _sums = new double[members.Count * Positions];
        _products = new double[members.Count, members.Count];
        Activations = new ActivationCounters(axis.Axis, members.Sum(m => m.Count));
    }

    /// <summary>Statistics that were not gathered but are assumed, the same at every position.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="members">For each channel the indices it owns, equally many for every channel.</param>
    /// <param name="mean">Mean of an index.</param>
    /// <param name="covariance">Covariance of the channels that own two indices.</param>
    public static ChannelStatistics Of(AxisRef axis, IReadOnlyList<IReadOnlyList<int>> members, Func<int, double> mean, Func<int, int, double> covariance)
    {
        var statistics = new ChannelStatistics(axis, members) { _count = 1 };
        var positions = statistics.Positions;
        for (var i = 0; i < members.Count; i++)
        {
            for (var t = 0; t < positions; t++)
            {
                statistics._sums[(i * positions) + t] = mean(members[i][t]);
            }

            for (var j = 0; j <= i; j++)
            {
                var products = positions * covariance(members[i][0], members[j][0]);
                for (var t = 0; t < positions; t++)
                {
                    products += mean(members[i][t]) * mean(members[j][t]);
                }

                statistics._products[i, j] = statistics._products[j, i] = products;
            }
        }

        return statistics;
    }

    public AxisRef Axis { get; }

    /// <summary>Plain figures of every index of the axis.</summary>
    public ActivationCounters Activations { get; }

    /// <summary>For each channel the indices it owns, in the order of positions.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Members { get; }

    /// <summary>Indices that each channel owns.</summary>
    public int Positions => Members[0].Count;

    /// <summary>Number of observations of each index.</summary>
    public long Count => _count;

    public double Mean(int channel, int position) => _sums[(channel * Positions) + position] / _count;

    /// <summary>Adds one batch of the activation.</summary>
    public void Add(Tensor activation)
    {
        Activations.Add(activation);
        var values = activation.ToFloats();
        var size = (int)activation.Dims[Axis.Axis];
        var inner = (int)Tensor.Elements(activation.Dims[(Axis.Axis + 1)..]);
        var outer = (int)Tensor.Elements(activation.Dims[..Axis.Axis]);
        var observations = Observations(outer, inner, (int)activation.Dims[0]);
        for (var position = 0; position < Positions; position++)
        {
            Accumulate(Gather(values, size, inner, position, observations), position);
        }

        _count += observations.Count;
    }

    /// <summary>Covariance of the channels, pooled over positions.</summary>
    public double[,] Covariance()
    {
        var channels = Members.Count;
        var covariance = new double[channels, channels];
        var total = (double)_count * Positions;
        for (var i = 0; i < channels; i++)
        {
            for (var j = i; j < channels; j++)
            {
                var means = 0.0;
                for (var t = 0; t < Positions; t++)
                {
                    means += Mean(i, t) * Mean(j, t);
                }

                covariance[i, j] = covariance[j, i] = (_products[i, j] / total) - (means / Positions);
            }
        }

        return covariance;
    }

    // Neighbouring pixels say nearly the same: an evenly spread share of them is enough.
    private static List<int> Observations(int outer, int inner, int batch)
    {
        var perSample = Math.Max(1, outer / Math.Max(1, batch)) * inner;
        var step = Math.Max(1, perSample / MaxPositionsPerSample);
        return [.. Enumerable.Range(0, outer * inner).Where(o => o % step == 0 || step == 1)];
    }

    private double[][] Gather(float[] values, int size, int inner, int position, List<int> observations)
    {
        var rows = new double[Members.Count][];
        for (var channel = 0; channel < rows.Length; channel++)
        {
            var index = Members[channel][position];
            var row = rows[channel] = new double[observations.Count];
            for (var o = 0; o < row.Length; o++)
            {
                var (block, offset) = Math.DivRem(observations[o], inner);
                row[o] = values[(((block * size) + index) * inner) + offset];
            }
        }

        return rows;
    }

    // Every pair is a sum of its own, so that threads change no bit of it. A band of rows stays in the cache while all others pass by: of wide layers,
    // as in transformers, the rows of a batch are megabytes.
    private void Accumulate(double[][] rows, int position) => Parallel.For(0, (rows.Length + Band - 1) / Band, band =>
    {
        var (first, end) = (band * Band, Math.Min(rows.Length, (band + 1) * Band));
        for (var i = first; i < end; i++)
        {
            _sums[(i * Positions) + position] += TensorPrimitives.Sum<double>(rows[i]);
        }

        for (var j = first; j < rows.Length; j++)
        {
            for (var i = first; i < Math.Min(end, j + 1); i++)
            {
                _products[i, j] += TensorPrimitives.Dot<double>(rows[i], rows[j]);
            }
        }
    });
}
