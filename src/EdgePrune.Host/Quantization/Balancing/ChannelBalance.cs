using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Scales the channels of a value up or down, and the weights that read it the other way, so that all channels make use of the one
/// range that they share. The float model stays the same. Cross-layer equalization of Nagel et al., Data-free quantization
/// through weight equalization and bias correction, ICCV 2019, with the measured activations in the place of the weights that make them, as
/// SmoothQuant does (Xiao et al., ICML 2023).
/// </summary>
/// <remarks>
/// Channel i, whose largest value is a_i and whose weights behind it reach the share w_i of the largest of their rows, is divided by
/// s_i = min(1, 2 a_i / A)^p / (w_i / W)^(1 - p); A and W are the largest of the layer. Worked example with p = 1: ranges 1 and 8 become 4
/// and 8 when the first channel's weights and bias are multiplied by 4 and what reads it by a quarter.
/// </remarks>
internal sealed class ChannelBalance
{
    // A channel that hardly speaks is not blown up into noise.
    private const double MostScale = 32;

    // A channel reaches further on some sample that nobody showed: it is scaled up to half of the range only.
    private const double Headroom = 2;

    private readonly ScaleClasses _classes;
    private readonly double _power;
    private readonly Dictionary<int, double> _values = [];
    private readonly Dictionary<int, double> _weights = [];

    private ChannelBalance(ScaleClasses classes, double power) => (_classes, _power) = (classes, power);

    /// <summary>Balances all channels of a model that can be.</summary>
    /// <param name="prepared">The model; not changed.</param>
    /// <param name="shapes">Shapes of its values.</param>
    /// <param name="peaks">Largest magnitudes along the axes of values that become integers.</param>
    /// <param name="power">How much of the difference the activations give up; above 0, at most 1.</param>
    /// <returns>The balanced copy, or null when nothing can be balanced.</returns>
    public static Model? Apply(Model prepared, CalibrationStatistics shapes, IReadOnlyList<ChannelPeaks> peaks, double power)
    {
        var model = prepared.Clone();
        var balance = new ChannelBalance(ScaleClasses.Find(model.Graph, shapes.Shapes(model.Graph)), power);
        balance.Measure(model.Graph, peaks);
        var scales = balance.Scales();
        if (scales.Count == 0)
        {
            return null;
        }

        var editor = new GraphEditor(model.Graph);
        foreach (var layer in balance._classes.Layers)
        {
            balance.Scale(editor, layer, scales);
        }

        return model;
    }

    private void Measure(Graph graph, IReadOnlyList<ChannelPeaks> peaks)
    {
        foreach (var peak in peaks)
        {
            for (var i = 0; i < peak.Largest.Length; i++)
            {
                Raise(_values, _classes.ChannelOf(new AxisRef(graph.Values[peak.Value], peak.Axis), i), peak.Largest[i]);
            }
        }

        foreach (var layer in _classes.Layers)
        {
            var (matrix, read) = (layer.Read(), Read(layer));
            for (var row = 0; row < layer.Rows; row++)
            {
                var weights = matrix.AsSpan(row * layer.Columns, layer.Columns);
                var most = Math.Abs(TensorPrimitives.MaxMagnitude<float>(weights));
                for (var column = 0; column < layer.Columns && most > 0; column++)
                {
                    Raise(_weights, read[layer.BlockOf(row)][column], Math.Abs(weights[column]) / most);
                }
            }
        }
    }

    /// <summary>What every channel is divided by; the channels that one layer makes are set against each other.</summary>
    private Dictionary<int, double> Scales()
    {
        Dictionary<int, double> scales = [];
        foreach (var layer in _classes.Layers)
        {
            int[] made = [.. Enumerable.Range(0, layer.Rows).Select(r => _classes.MadeBy(layer, r)).OfType<int>().Distinct()
                .Where(c => !scales.ContainsKey(c) && _values.GetValueOrDefault(c) > 0 && _weights.GetValueOrDefault(c) > 0)];
            if (made.Length < 2)
            {
                continue;
            }

            var (value, weight) = (made.Max(c => _values[c]), made.Max(c => _weights[c]));
            foreach (var channel in made)
            {
                var scale = Math.Pow(Math.Min(1, Headroom * _values[channel] / value), _power) / Math.Pow(_weights[channel] / weight, 1 - _power);
                scales[channel] = Math.Clamp(scale, 1 / MostScale, MostScale);
            }
        }

        return scales;
    }

    private void Scale(GraphEditor editor, SparsityLayer layer, Dictionary<int, double> scales)
    {
        var matrix = layer.Read();
        double[] rows = [.. Enumerable.Range(0, layer.Rows).Select(r => ScaleOf(_classes.MadeBy(layer, r), scales))];
        double[][] columns = [.. Read(layer).Select(b => Array.ConvertAll(b, c => ScaleOf(c, scales)))];
        for (var at = 0; at < matrix.Length; at++)
        {
            var (row, column) = Math.DivRem(at, layer.Columns);
            matrix[at] = (float)(matrix[at] * columns[layer.BlockOf(row)][column] / rows[row]);
        }

        var contraction = layer.Uses[0].Contraction;
        editor.SetInitializer(layer.Weight, layer.Written(matrix));
        if (contraction.BiasInput >= 0 && layer.Uses[0].Node.Input(contraction.BiasInput) is { } bias && rows.Any(r => r != 1))
        {
            editor.SetInitializer(bias, bias.Constant!.WithFloats([.. bias.Constant.ToFloats().Select((b, i) => (float)(b / rows[i]))]));
        }
    }

    /// <summary>The channels that the columns of each block read.</summary>
    private int?[][] Read(SparsityLayer layer) =>
        [.. Enumerable.Range(0, layer.Blocks).Select(b => Enumerable.Range(0, layer.Columns).Select(c => _classes.ReadBy(layer, b, c)).ToArray())];

    private static double ScaleOf(int? channel, Dictionary<int, double> scales) => channel is { } c ? scales.GetValueOrDefault(c, 1) : 1;

    private static void Raise(Dictionary<int, double> most, int? channel, double value)
    {
        if (channel is { } c)
        {
            most[c] = Math.Max(most.GetValueOrDefault(c), value);
        }
    }
}
