using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>
/// Adds up what gradients say of one group. A channel has one gate in all the places where it is read, so its gradient is the sum
/// over the places and over the indices that it owns there.
/// </summary>
internal sealed class GradientSums
{
    private readonly PruningGroup _group;
    private readonly IReadOnlyList<(int Site, int Position)> _places;
    private readonly double[] _sums;
    private readonly double[] _squares;
    private int _samples;

    public GradientSums(PruningGroup group, IReadOnlyList<GateSite> sites)
    {
        _group = group;
        var positions = group.Axes.Index().ToDictionary(a => a.Item, a => a.Index);
        _places = [.. sites.Index().Where(s => positions.ContainsKey(s.Item.Axis)).Select(s => (s.Index, positions[s.Item.Axis]))];
        (_sums, _squares) = (new double[group.Channels.Count], new double[group.Channels.Count]);
    }

    /// <summary>Adds the gradients of a batch.</summary>
    /// <param name="gradients">For each site, a row for each sample.</param>
    /// <param name="rows">Number of samples.</param>
    public void Add(IReadOnlyList<float[]?> gradients, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            foreach (var (channel, slices) in _group.Channels.Index())
            {
                var gradient = _places.Sum(p => gradients[p.Site] is { } gates ? SumOf(gates.AsSpan(row * (gates.Length / rows)), slices.Slices[p.Position]) : 0);
                _sums[channel] += gradient;
                _squares[channel] += gradient * gradient;
            }
        }

        _samples += rows;
    }

    /// <summary>The group's scores.</summary>
    /// <param name="unseen">What no gate stands for.</param>
    public GroupGradients Result(ILookup<AxisRef, string> unseen) => new(
        _group.Name,
        [.. _sums.Select(s => Math.Abs(s) / _samples)],
        [.. _squares.Select(s => s / _samples / 2)])
    {
        Unseen = [.. _group.Axes.SelectMany(a => unseen[a]).Distinct()],
    };

    private static double SumOf(ReadOnlySpan<float> gates, IReadOnlyList<int> indices)
    {
        var sum = 0.0;
        foreach (var index in indices)
        {
            sum += gates[index];
        }

        return sum;
    }
}
