using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A constant one of whose axes runs over the group's channels.</summary>
/// <param name="group">The group.</param>
/// <param name="position">Number of the constant's axis in <see cref="PruningGroup.Axes"/>.</param>
internal sealed class AxisWeights(PruningGroup group, int position) : IChannelWeights
{
    private readonly AxisRef _axis = group.Axes[position];

    public Value Weight => _axis.Value;

    public IEnumerable<int> Places(int channel)
    {
        var dims = Weight.Constant!.Dims;
        var (size, inner) = ((int)dims[_axis.Axis], (int)Tensor.Elements(dims[(_axis.Axis + 1)..]));
        var outer = (int)Tensor.Elements(dims[.._axis.Axis]);
        var indices = group.Channels[channel].Slices[position];
        return from block in Enumerable.Range(0, outer)
               from index in indices
               from place in Enumerable.Range(((block * size) + index) * inner, inner)
               select place;
    }

    public double[] Sums(int power)
    {
        var sums = SliceNorms.Sums(_axis.Value.Constant!, _axis.Axis, power);
        return [.. group.Channels.Select(c => c.Slices[position].Sum(i => sums[i]))];
    }

    public float[] Read(int channel) => _axis.Value.Constant!.Take(_axis.Axis, [.. group.Channels[channel].Slices[position]]).ToFloats();
}
