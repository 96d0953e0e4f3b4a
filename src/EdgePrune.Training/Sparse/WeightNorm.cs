using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>Strength times the sum of |w| to a power over some weights.</summary>
/// <param name="weights">The weights.</param>
/// <param name="power">1 or 2.</param>
/// <param name="strength">Factor of the sum.</param>
internal sealed class WeightNorm(IReadOnlyList<Parameter> weights, int power, double strength) : IPenalty
{
    public torch.Tensor Value() => weights.Select(w => (power == 1 ? w.abs() : w.square()).sum()).Aggregate((a, b) => a + b).Times(strength);
}
