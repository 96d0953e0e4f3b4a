using System.Numerics;

namespace EdgePrune.Training;

/// <summary>Stochastic gradient descent with momentum 0.9: v = 0.9 v + (g + decay w), w = w - rate v, as libtorch writes it; the first v is the gradient.</summary>
internal sealed class MomentumRule(IEnumerable<int> sizes) : UpdateRule
{
    private const float Momentum = 0.9f;

    private readonly float[][] _velocities = [.. sizes.Select(s => new float[s])];

    public override IReadOnlyList<float[]> Moments => _velocities;

    public override void Update(int tensor, Span<float> weights, ReadOnlySpan<float> gradients, float decay)
    {
        var velocities = _velocities[tensor].AsSpan();
        var i = 0;
        for (var width = Vector<float>.Count; i <= weights.Length - width; i += width)
        {
            var w = new Vector<float>(weights[i..]);
            var v = (Momentum * new Vector<float>(velocities[i..])) + new Vector<float>(gradients[i..]) + (decay * w);
            v.CopyTo(velocities[i..]);
            (w - (Rate * v)).CopyTo(weights[i..]);
        }

        for (; i < weights.Length; i++)
        {
            velocities[i] = (Momentum * velocities[i]) + gradients[i] + (decay * weights[i]);
            weights[i] -= Rate * velocities[i];
        }
    }
}
