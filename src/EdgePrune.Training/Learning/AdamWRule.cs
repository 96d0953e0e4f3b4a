using System.Numerics;

namespace EdgePrune.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): m = 0.9 m + 0.1 g, v = 0.999 v + 0.001 g^2,
/// w = w - rate (m' / (sqrt(v') + 1e-8) + decay w), with m' and v' corrected for their start at 0.
/// </summary>
internal sealed class AdamWRule : UpdateRule
{
    private const float First = 0.9f;
    private const float Second = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly float[][] _means;
    private readonly float[][] _squares;
    private float _meanScale;
    private float _squareScale;

    public AdamWRule(IEnumerable<int> sizes)
    {
        _means = [.. sizes.Select(s => new float[s])];
        _squares = [.. _means.Select(m => new float[m.Length])];
    }

    public override IReadOnlyList<float[]> Moments => [.. _means, .. _squares];

    public override void Update(int tensor, Span<float> weights, ReadOnlySpan<float> gradients, float decay)
    {
        Span<float> means = _means[tensor];
        Span<float> squares = _squares[tensor];
        var (epsilon, kept) = (new Vector<float>(Epsilon), 1 - (Rate * decay));
        var i = 0;
        for (var width = Vector<float>.Count; i <= weights.Length - width; i += width)
        {
            var g = new Vector<float>(gradients[i..]);
            var m = (First * new Vector<float>(means[i..])) + ((1 - First) * g);
            var v = (Second * new Vector<float>(squares[i..])) + ((1 - Second) * g * g);
            m.CopyTo(means[i..]);
            v.CopyTo(squares[i..]);
            var change = _meanScale * m / (Vector.SquareRoot(v * _squareScale) + epsilon);
            ((kept * new Vector<float>(weights[i..])) - (Rate * change)).CopyTo(weights[i..]);
        }

        for (; i < weights.Length; i++)
        {
            means[i] = (First * means[i]) + ((1 - First) * gradients[i]);
            squares[i] = (Second * squares[i]) + ((1 - Second) * gradients[i] * gradients[i]);
            var change = _meanScale * means[i] / (MathF.Sqrt(squares[i] * _squareScale) + Epsilon);
            weights[i] = (kept * weights[i]) - (Rate * change);
        }
    }

    protected override void Prepare()
    {
        _meanScale = (float)(1 / (1 - Math.Pow(First, Steps)));
        _squareScale = (float)(1 / (1 - Math.Pow(Second, Steps)));
    }
}
