using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// The weight of a contraction in blocks, on the side whose axis holds the channels of one block only: such an axis cannot be
/// tied to the group, because every entry of it serves one channel of each block.
/// </summary>
/// <remarks>
/// Worked example: a convolution of 2 groups over 4 channels with weight [6, 2, 3, 3]. Input channel 3 is the second of
/// block 1: its elements are those of outputs 3, 4 and 5 in column 1.
/// </remarks>
internal sealed class BlockWeights : IChannelWeights
{
    private readonly float[] _values;
    private readonly int[][] _places;

    private BlockWeights(PruningGroup group, AxisRef axis, Value weight, Func<int, IEnumerable<int>> places)
    {
        var position = group.Axes.Index().First(a => a.Item == axis).Index;
        (Weight, _values) = (weight, weight.Constant!.ToFloats());
        _places = [.. group.Channels.Select(c => c.Slices[position].SelectMany(places).ToArray())];
    }

    public Value Weight { get; }

    /// <summary>The columns that read the group's channels.</summary>
    public static BlockWeights OfInputs(PruningGroup group, Contraction contraction)
    {
        var view = WeightView.Of(contraction);
        var rows = view.Outputs / view.Blocks;
        return new BlockWeights(group, contraction.Data, contraction.Weight.Value, input =>
            from row in Enumerable.Range(view.BlockOfInput(input) * rows, rows)
            from tap in Enumerable.Range(0, view.Taps)
            select view.Index(row, input, tap));
    }

    /// <summary>The rows that make the group's channels.</summary>
    public static BlockWeights OfOutputs(PruningGroup group, Contraction contraction)
    {
        var view = WeightView.Of(contraction);
        var columns = view.Inputs / view.Blocks;
        return new BlockWeights(group, contraction.Output, contraction.Weight.Value, output =>
            from column in Enumerable.Range(view.BlockOfOutput(output) * columns, columns)
            from tap in Enumerable.Range(0, view.Taps)
            select view.Index(output, column, tap));
    }

    public IEnumerable<int> Places(int channel) => _places[channel];

    public double[] Sums(int power) => Array.ConvertAll(_places, p => p.Sum(i => power == 1 ? Math.Abs(_values[i]) : (double)_values[i] * _values[i]));

    public float[] Read(int channel) => Array.ConvertAll(_places[channel], i => _values[i]);
}
