using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// One consumer during elimination: the inverse of its input covariance and the Gram matrix of its weight's columns, both
/// updated as channels go. Only these two square matrices are needed, whatever the number of outputs and taps.
/// </summary>
internal sealed class ObsConsumer
{
    private const double Ridge = 1e-3;
    private readonly double[][] _inverse;
    private readonly double[][] _gram;
    private readonly int[] _places;
    private readonly double _energy;

    private ObsConsumer(double[][] inverse, double[][] gram, int[] places, double energy)
    {
        _inverse = inverse;
        _gram = gram;
        _places = places;
        _energy = energy;
    }

    /// <summary>Prepares a consumer; null when its covariance says nothing.</summary>
    public static ObsConsumer? TryMake(Contraction contraction, PruningGroup group, ChannelStatistics statistics)
    {
        var covariance = statistics.Covariance();
        var size = statistics.Members.Count;
        var variance = Enumerable.Range(0, size).Average(i => covariance[i, i]);
        var system = Rows(size, (i, j) => covariance[i, j] + (i == j ? Ridge * variance : 0));
        var inverse = Rows(size, (i, j) => i == j ? 1 : 0);
        if (!(variance > 0) || !Cholesky.TrySolve(system, inverse))
        {
            return null;
        }

        var gram = Gram(contraction, statistics);
        var energy = Enumerable.Range(0, size).Sum(i => Enumerable.Range(0, size).Sum(j => gram[i][j] * covariance[i, j]));
        return energy > 0 ? new ObsConsumer(inverse, gram, Places(contraction, group, statistics), energy) : null;
    }

    /// <summary>Share of the output's variance that is lost for good when the channel goes now.</summary>
    public double Cost(int channel) => Math.Max(0, _gram[_places[channel]][_places[channel]] / _inverse[_places[channel]][_places[channel]] / _energy);

    /// <summary>Removes a channel: the others take over what they can, and the inverse covariance shrinks.</summary>
    public void Remove(int channel)
    {
        var k = _places[channel];
        var row = _inverse[k].ToArray();
        var pivot = row[k];
        var column = _gram[k].ToArray();
        for (var i = 0; i < row.Length; i++)
        {
            var share = row[i] / pivot;
            for (var j = 0; j < row.Length; j++)
            {
                _inverse[i][j] -= share * row[j];
                _gram[i][j] += (share * column[k] * row[j] / pivot) - (share * column[j]) - (column[i] * row[j] / pivot);
            }
        }
    }

    private static int[] Places(Contraction contraction, PruningGroup group, ChannelStatistics statistics)
    {
        var byIndex = statistics.Members.Index().SelectMany(m => m.Item.Select(i => (i, m.Index))).ToDictionary(p => p.i, p => p.Index);
        var slices = group.Axes.Index().First(a => a.Item == contraction.Data).Index;
        return [.. group.Channels.Select(c => byIndex[c.Slices[slices][0]])];
    }

    // Inner products of the weight's columns, over outputs, taps and positions.
    private static double[][] Gram(Contraction contraction, ChannelStatistics statistics)
    {
        var view = WeightView.Of(contraction);
        var values = contraction.Weight.Value.Constant!.ToFloats();
        var columns = statistics.Members.Select(members => Column(view, values, members)).ToArray();
        int[] blocks = [.. statistics.Members.Select(members => view.BlockOfInput(members[0]))];
        return Rows(columns.Length, (i, j) => blocks[i] == blocks[j] ? System.Numerics.Tensors.TensorPrimitives.Dot<double>(columns[i], columns[j]) : 0);
    }

    private static double[] Column(WeightView view, float[] values, IReadOnlyList<int> members)
    {
        var rows = view.Outputs / view.Blocks;
        var column = new double[members.Count * rows * view.Taps];
        var next = 0;
        foreach (var member in members)
        {
            var first = view.BlockOfInput(member) * rows;
            for (var row = first; row < first + rows; row++)
            {
                for (var tap = 0; tap < view.Taps; tap++)
                {
                    column[next++] = values[view.Index(row, member, tap)];
                }
            }
        }

        return column;
    }

    private static double[][] Rows(int size, Func<int, int, double> value) =>
        [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => value(i, j)).ToArray())];
}
