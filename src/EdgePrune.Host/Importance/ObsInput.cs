using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// One block of an activation during elimination: the inverse covariance of its channels and the Gram matrix of all columns that
/// read them, both updated as channels go. Only these two square matrices are needed, whatever the number of outputs
/// and taps; consumers of the same activation share them, because the Gram matrices of several weights add up.
/// </summary>
internal sealed class ObsInput
{
    private const double Ridge = 1e-3;
    private readonly SymmetricMatrix _inverse;
    private readonly SymmetricMatrix _gram;
    private readonly int[] _rowOf;
    private readonly int[] _channelAt;
    private int _remaining;

    private ObsInput(SymmetricMatrix inverse, SymmetricMatrix gram, int[] rowOf)
    {
        _inverse = inverse;
        _gram = gram;
        _rowOf = rowOf;
        _remaining = inverse.Size;
        _channelAt = new int[inverse.Size];
        Array.Fill(_channelAt, -1);
        foreach (var (channel, row) in rowOf.Index().Where(r => r.Item >= 0))
        {
            _channelAt[row] = channel;
        }
    }

    /// <summary>The blocks of an activation.</summary>
    /// <param name="consumers">Contractions that read it, all in as many blocks.</param>
    /// <param name="group">The group.</param>
    /// <param name="statistics">Statistics of the activation.</param>
    public static IEnumerable<ObsInput> Make(IReadOnlyList<Contraction> consumers, PruningGroup group, ChannelStatistics statistics)
    {
        var covariance = statistics.Covariance();
        var view = WeightView.Of(consumers[0]);
        int[][] blocks = [.. Enumerable.Range(0, statistics.Members.Count).GroupBy(m => view.BlockOfInput(statistics.Members[m][0])).Select(b => b.ToArray())];
        var spreads = Array.ConvertAll(blocks, b => SymmetricMatrix.Of(b.Length, (i, j) => covariance[b[i], b[j]]));
        var grams = Array.ConvertAll(blocks, b => new SymmetricMatrix(b.Length));
        foreach (var consumer in consumers)
        {
            AddShares(consumer, blocks, statistics, spreads, grams);
        }

        return blocks.Zip(spreads, grams).Select(b => TryMake(b.Second, b.Third, Rows(group, consumers[0], statistics, b.First))).OfType<ObsInput>();
    }

    /// <summary>Share of the consumers' output variance that is lost for good when the channel goes now.</summary>
    public double Cost(int channel) =>
        _rowOf[channel] is >= 0 and var row ? Math.Max(0, _gram[row, row] / _inverse[row, row]) : 0;

    /// <summary>Removes a channel: the others take over what they can, and the inverse covariance shrinks.</summary>
    public void Remove(int channel)
    {
        if (_rowOf[channel] < 0)
        {
            return;
        }

        MoveToEnd(channel);
        _remaining--;
        var row = _inverse.Row(_remaining);
        var column = _gram.Row(_remaining);
        var energy = column[_remaining];
        var shares = new double[_remaining + 1];
        TensorPrimitives.Divide(row, row[_remaining], shares);
        for (var i = 0; i < _remaining; i++)
        {
            var inverse = _inverse.Row(i);
            var gram = _gram.Row(i);
            TensorPrimitives.MultiplyAdd(row[..(i + 1)], -shares[i], inverse, inverse);
            TensorPrimitives.MultiplyAdd(shares.AsSpan(0, i + 1), (shares[i] * energy) - column[i], gram, gram);
            TensorPrimitives.MultiplyAdd(column[..(i + 1)], -shares[i], gram, gram);
        }
    }

    // What is gone lies behind what remains, so that rows stay whole and the work shrinks.
    private void MoveToEnd(int channel)
    {
        var (row, last) = (_rowOf[channel], _remaining - 1);
        _inverse.Swap(row, last, _remaining);
        _gram.Swap(row, last, _remaining);
        var other = _channelAt[last];
        (_channelAt[row], _channelAt[last]) = (other, channel);
        if (other >= 0)
        {
            _rowOf[other] = row;
        }

        _rowOf[channel] = -1;
    }

    // Each consumer counts by the share of its own output variance.
    private static void AddShares(Contraction consumer, int[][] blocks, ChannelStatistics statistics, SymmetricMatrix[] spreads, SymmetricMatrix[] grams)
    {
        var values = consumer.Weight.Value.Constant!.ToFloats();
        var own = Array.ConvertAll(blocks, b => ObsGram.Of(consumer, values, [.. b.Select(m => statistics.Members[m])]));
        var energy = own.Zip(spreads).Sum(p => p.First.Dot(p.Second));
        for (var b = 0; b < blocks.Length && energy > 0; b++)
        {
            grams[b].Add(own[b], 1 / energy);
        }
    }

    // None when the covariance says nothing: the channels are constant and repair loses nothing by them.
    private static ObsInput? TryMake(SymmetricMatrix spread, SymmetricMatrix gram, int[] rowOf)
    {
        var variance = Enumerable.Range(0, spread.Size).Average(i => spread[i, i]);
        for (var i = 0; i < spread.Size; i++)
        {
            spread[i, i] += Ridge * variance;
        }

        return variance > 0 && SymmetricInverse.TryInvert(spread) ? new ObsInput(spread, gram, rowOf) : null;
    }

    private static int[] Rows(PruningGroup group, Contraction consumer, ChannelStatistics statistics, int[] block)
    {
        var byIndex = block.Index().SelectMany(m => statistics.Members[m.Item].Select(i => (i, m.Index))).ToDictionary(p => p.i, p => p.Index);
        return GroupInputs.Each(group, consumer.Data, indices => byIndex.GetValueOrDefault(indices[0], -1));
    }
}
