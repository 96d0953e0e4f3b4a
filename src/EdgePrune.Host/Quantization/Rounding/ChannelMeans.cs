using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Means of the channels of a tensor over everything else.</summary>
/// <param name="axis">The axis of the channels.</param>
/// <param name="channels">Their number.</param>
internal sealed class ChannelMeans(int axis, int channels)
{
    private readonly double[] _sums = new double[channels];
    private long _count;

    /// <summary>Adds a batch.</summary>
    public void Add(Tensor tensor)
    {
        var values = tensor.Span<float>();
        var inner = (int)Tensor.Elements(tensor.Dims[(axis + 1)..]);
        for (var i = 0; i < values.Length; i += inner)
        {
            _sums[i / inner % channels] += System.Numerics.Tensors.TensorPrimitives.Sum(values.Slice(i, inner));
        }

        _count += values.Length / channels;
    }

    /// <summary>Mean of a channel; 0 without values.</summary>
    public double Of(int channel) => _count == 0 ? 0 : _sums[channel] / _count;
}
