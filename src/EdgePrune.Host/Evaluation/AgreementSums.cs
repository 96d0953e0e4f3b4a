using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Running sums of how two models' outputs compare.</summary>
/// <param name="isProbability">Whether outputs are probabilities already; else softmax makes them so.</param>
internal sealed class AgreementSums(bool isProbability)
{
    // Below it a probability counts as this much, so that one vanished class does not make the mean infinite.
    private const double Least = 1e-12;

    private readonly List<bool> _decisions = [];
    private double _divergence;
    private double _signal;
    private double _difference;

    /// <summary>Whether the two models decided alike, one entry a decision.</summary>
    public IReadOnlyList<bool> Decisions => _decisions;

    public double Agreement => 100.0 * _decisions.Count(alike => alike) / Math.Max(1, _decisions.Count);

    public double KlDivergence => _divergence / Math.Max(1, _decisions.Count);

    public double SqnrDb => _difference == 0 ? double.PositiveInfinity : 10 * Math.Log10(_signal / _difference);

    public double Likeness => _difference == 0 ? 100 : Math.Max(0, 100 * (1 - Math.Sqrt(_difference / _signal)));

    public void Add(Tensor expected, Tensor actual)
    {
        var (reference, candidate) = (Floats(expected), Floats(actual));
        for (var i = 0; i < reference.Length; i++)
        {
            var difference = (double)reference[i] - candidate[i];
            _signal += (double)reference[i] * reference[i];
            _difference += double.IsFinite(difference) ? difference * difference : double.PositiveInfinity;
        }

        AddDecisions(ClassAxis.Of(expected), reference, candidate);
    }

    private void AddDecisions(ClassAxis axis, float[] reference, float[] candidate)
    {
        var p = new double[axis.Classes];
        var q = new double[axis.Classes];
        for (var position = 0; position < axis.Positions; position++)
        {
            _decisions.Add(axis.Best(reference, position) == axis.Best(candidate, position));
            Fill(p, axis, reference, position);
            Fill(q, axis, candidate, position);
            for (var c = 0; c < p.Length; c++)
            {
                _divergence += p[c] > 0 ? p[c] * Math.Log(Math.Max(p[c], Least) / (q[c] > Least ? q[c] : Least)) : 0;
            }
        }
    }

    private void Fill(double[] probabilities, ClassAxis axis, float[] values, int position)
    {
        for (var c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] = values[axis.At(position, c)];
        }

        if (isProbability)
        {
            return;
        }

        var highest = probabilities.Max();
        var sum = 0.0;
        for (var c = 0; c < probabilities.Length; c++)
        {
            sum += probabilities[c] = Math.Exp(probabilities[c] - highest);
        }

        for (var c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] /= sum;
        }
    }

    private static float[] Floats(Tensor tensor) => tensor.ElementType switch
    {
        ElementType.Int64 or ElementType.Int32 => Array.ConvertAll(tensor.ToInts(), v => (float)v),
        ElementType.UInt8 or ElementType.Bool => Array.ConvertAll(tensor.Bytes.ToArray(), v => (float)v),
        ElementType.Int8 => Array.ConvertAll(tensor.Bytes.ToArray(), v => (float)(sbyte)v),
        _ => tensor.ToFloats(),
    };
}
