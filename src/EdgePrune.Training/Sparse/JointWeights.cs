using EdgePrune.Host;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training;

/// <summary>
/// Everything of a graph that goes with each channel of a group, as one vector a channel: rows of what makes it, columns of what
/// reads it, filters of what carries it, its biases, and its scales and shifts in normalizations.
/// </summary>
internal sealed class JointWeights : IDisposable
{
    private readonly List<(Parameter Weight, torch.Tensor ChannelOf)> _parts;
    private readonly int _channels;

    /// <param name="graph">The program of the analysed model.</param>
    /// <param name="group">A group of it.</param>
    public JointWeights(TorchGraph graph, PruningGroup group)
    {
        _channels = group.Channels.Count;
        _parts = [.. GroupWeights.WithVectors(group).Where(w => graph.Parameters.ContainsKey(w.Weight.Name)).Select(w => (graph.Parameters[w.Weight.Name], ChannelOf(w, _channels)))];
        using var scope = torch.NewDisposeScope();
        Sizes = TorchTensors.ToFloats(Sum(w => torch.ones_like(w)));
    }

    /// <summary>Number of weights of each channel.</summary>
    public IReadOnlyList<float> Sizes { get; }

    /// <summary>The norm of each channel's vector.</summary>
    public torch.Tensor Norms() => Sum(w => w.square()).sqrt();

    /// <summary>Multiplies each channel's vector by a factor.</summary>
    /// <param name="factors">One a channel.</param>
    public void Scale(torch.Tensor factors)
    {
        // The entry behind the last is for what belongs to no channel.
        var all = torch.cat([factors, torch.ones(1)]);
        foreach (var (weight, channelOf) in _parts)
        {
            weight.mul_(all.index_select(0, channelOf).reshape(weight.shape));
        }
    }

    public void Dispose() => _parts.ForEach(p => p.ChannelOf.Dispose());

    private torch.Tensor Sum(Func<torch.Tensor, torch.Tensor> figure)
    {
        using var one = 1.ToScalar();
        var sums = torch.zeros(_channels + 1);
        foreach (var (weight, channelOf) in _parts)
        {
            sums.index_add_(0, channelOf, figure(weight.detach()).flatten(), one);
        }

        return sums.slice(0, 0, _channels, 1);
    }

    private static torch.Tensor ChannelOf(IChannelWeights weights, int channels)
    {
        var dims = weights.Weight.Constant!.Dims;
        var channelOf = new long[Onnx.Tensor.Elements(dims)];
        Array.Fill(channelOf, channels);
        for (var channel = 0; channel < channels; channel++)
        {
            foreach (var place in weights.Places(channel))
            {
                channelOf[place] = channel;
            }
        }

        return torch.tensor(channelOf).DetachFromDisposeScope();
    }
}
