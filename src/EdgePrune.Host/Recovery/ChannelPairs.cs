using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Sums over a layer's output in the pruned model beside the original's, channel by channel; nothing else is kept of them.</summary>
internal sealed class ChannelPairs(int axis, IReadOnlyList<int> kept)
{
    private readonly double[] _given = new double[kept.Count];
    private readonly double[] _wanted = new double[kept.Count];
    private readonly double[] _givenSquares = new double[kept.Count];
    private readonly double[] _wantedSquares = new double[kept.Count];
    private readonly double[] _products = new double[kept.Count];
    private long _count;

    public int Channels => kept.Count;

    /// <summary>Adds one batch.</summary>
    /// <param name="given">Output of the pruned model.</param>
    /// <param name="wanted">Output of the original, with all channels.</param>
    public void Add(Tensor given, Tensor wanted)
    {
        var (x, y) = (given.ToFloats(), wanted.ToFloats());
        var inner = (int)Tensor.Elements(given.Dims[(axis + 1)..]);
        var outer = (int)Tensor.Elements(given.Dims[..axis]);
        for (var channel = 0; channel < kept.Count; channel++)
        {
            for (var o = 0; o < outer; o++)
            {
                var mine = x.AsSpan(((o * kept.Count) + channel) * inner, inner);
                Add(channel, mine, y.AsSpan(((o * (int)wanted.Dims[axis]) + kept[channel]) * inner, inner));
            }
        }

        _count += (long)outer * inner;
    }

    public (double Mean, double Deviation) Given(int channel) => Moments(_given[channel], _givenSquares[channel]);

    public (double Mean, double Deviation) Wanted(int channel) => Moments(_wanted[channel], _wantedSquares[channel]);

    /// <summary>Squared error of factor x given + shift, as a share of the original's variance.</summary>
    public double Error(double[] factors, double[] shifts)
    {
        var (error, energy) = (0.0, 0.0);
        for (var c = 0; c < kept.Count; c++)
        {
            var (a, b) = (factors[c], shifts[c]);
            error += (a * a * _givenSquares[c]) + (2 * a * b * _given[c]) + (_count * b * b) - (2 * a * _products[c]) - (2 * b * _wanted[c]) + _wantedSquares[c];
            energy += _wantedSquares[c] - (_wanted[c] * _wanted[c] / _count);
        }

        return Math.Max(0, energy > 0 ? error / energy : error);
    }

    private void Add(int channel, ReadOnlySpan<float> given, ReadOnlySpan<float> wanted)
    {
        for (var i = 0; i < given.Length; i++)
        {
            double x = given[i], y = wanted[i];
            _given[channel] += x;
            _wanted[channel] += y;
            _givenSquares[channel] += x * x;
            _wantedSquares[channel] += y * y;
            _products[channel] += x * y;
        }
    }

    private (double Mean, double Deviation) Moments(double sum, double squares)
    {
        var mean = sum / _count;
        return (mean, Math.Sqrt(Math.Max(0, (squares / _count) - (mean * mean))));
    }
}
