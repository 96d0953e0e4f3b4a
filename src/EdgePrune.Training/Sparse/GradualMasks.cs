using EdgePrune.Host;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>
/// Zeros that grow while a model learns: after step t of T the smallest weights are masked until a share of
/// <c>rate * (1 - (1 - t / T)^3)</c> is zero (Zhu and Gupta, To prune, or not to prune, 2017). All layers compete, masks only grow, and
/// the last quarter of the steps learns with all zeros in place.
/// </summary>
internal sealed class GradualMasks : IStepAction, IDisposable
{
    private const double Ramp = 0.75;
    private const int MostUpdates = 100;

    private readonly List<(string Name, Parameter Weight, torch.Tensor Mask)> _weights;
    private readonly long _count;
    private readonly double _rate;

    /// <param name="graph">The model.</param>
    /// <param name="names">Weights that may become zero.</param>
    /// <param name="rate">Share of them that is zero in the end.</param>
    public GradualMasks(TorchGraph graph, IEnumerable<string> names, double rate)
    {
        _rate = rate;
        _weights = [.. names.Where(graph.Parameters.ContainsKey).Select(n => (n, graph.Parameters[n], torch.ones(graph.Parameters[n].shape).DetachFromDisposeScope()))];
        _count = _weights.Sum(w => w.Weight.numel());
    }

    /// <summary>The masks, 0 where a weight is zero; they belong to the state of a run.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Kept => _weights.ToDictionary(w => "mask of " + w.Name, w => w.Mask);

    /// <summary>Number of zeros after a step.</summary>
    public long Zeros(int step, int steps)
    {
        var done = Math.Min(1, step / Math.Max(1, Ramp * steps));
        return (long)Math.Round(_rate * (1 - Math.Pow(1 - done, 3)) * _count);
    }

    public void AfterStep(int step, int steps)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        if (step % Math.Max(1, (int)(Ramp * steps / MostUpdates)) == 0 || step == steps || step == (int)Math.Ceiling(Ramp * steps))
        {
            GlobalMagnitude.Grow([.. _weights.Select(w => ((torch.Tensor)w.Weight, w.Mask))], Zeros(step, steps));
        }

        using var zero = 0.ToScalar();
        _weights.ForEach(w => w.Weight.masked_fill_(w.Mask.logical_not(), zero));
    }

    public void Dispose() => _weights.ForEach(w => w.Mask.Dispose());
}
