using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Scales the channels of a value up or down where they are made, and the weights that read it the other way, so that all channels make use of the one
/// range that they share. The float model stays the same. Cross-layer equalization of Nagel et al., Data-free quantization
/// through weight equalization and bias correction, ICCV 2019, with the measured activations in the place of the weights that make them, as
/// SmoothQuant does (Xiao et al., ICML 2023): a channel is made by a layer's rows, or by a normalization's scale and bias.
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
    private readonly Dictionary<int, double> _least = [];
    private readonly HashSet<int> _clipped = [];

    private ChannelBalance(ScaleClasses classes, double power) => (_classes, _power) = (classes, power);

    /// <summary>Balances all channels of a model that can be.</summary>
    /// <param name="prepared">The model; not changed.</param>
    /// <param name="statistics">Shapes of its values.</param>
    /// <param name="peaks">Values along the axes of what becomes integers.</param>
    /// <param name="power">How much of the difference the activations give up; above 0, at most 1.</param>
    /// <returns>The balanced copy, or null when nothing can be balanced.</returns>
    public static Model? Apply(Model prepared, CalibrationStatistics statistics, IReadOnlyList<ChannelPeaks> peaks, double power)
    {
        var model = prepared.Clone();
        var balance = new ChannelBalance(ScaleClasses.Find(model.Graph, ChannelTies.AllShapes(model.Graph, statistics)), power);
        balance.Measure(model.Graph, peaks);
        balance.Limit(peaks);
        var divisors = balance.Divisors();
        if (divisors.Count == 0)
        {
            return null;
        }

        var editor = new GraphEditor(model.Graph);
        foreach (var part in balance._classes.Parts)
        {
            part.Scale(editor, channel => channel is { } c ? divisors.GetValueOrDefault(c, 1) : 1);
        }

        return model;
    }

    /// <summary>Measures the channels of these values that can be scaled, and of those that a Clip limits.</summary>
    /// <param name="prepared">The model.</param>
    /// <param name="statistics">Shapes of its values.</param>
    /// <param name="values">Names of the values.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static IReadOnlyList<ChannelPeaks> Peaks(Model prepared, CalibrationStatistics statistics, IEnumerable<string> values, ISampleSource samples, CancellationToken cancellationToken)
    {
        var classes = ScaleClasses.Find(prepared.Graph, ChannelTies.AllShapes(prepared.Graph, statistics));
        return ChannelPeaks.Gather(prepared, classes.AxesOf(values.Union(classes.Limits.Select(l => l.Output.Name))), samples, cancellationToken);
    }

    private void Measure(Graph graph, IReadOnlyList<ChannelPeaks> peaks)
    {
        foreach (var peak in peaks)
        {
            for (var i = 0; i < peak.Channels; i++)
            {
                Raise(_values, _classes.ChannelOf(new AxisRef(graph.Values[peak.Value], peak.Axis), i), peak.Largest(i));
            }
        }

        foreach (var (channel, share) in _classes.Parts.SelectMany(p => p.Read()))
        {
            Raise(_weights, channel, share);
        }
    }

    // A Clip keeps the scale of what does not reach its ends, before and after, with the same headroom on samples that nobody showed.
    private void Limit(IReadOnlyList<ChannelPeaks> peaks)
    {
        foreach (var (output, range) in _classes.Limits)
        {
            foreach (var (axis, channels) in _classes.AxesOf([output.Name]))
            {
                var peak = peaks.FirstOrDefault(p => p.Value == output.Name && p.Axis == axis.Axis);
                for (var i = 0; i < channels; i++)
                {
                    Limit(_classes.ChannelOf(axis, i), peak is null ? double.PositiveInfinity : Headroom * Math.Max(Share(peak.High(i), range.High), Share(-peak.Low(i), -range.Low)));
                }
            }
        }
    }

    private void Limit(int? channel, double used)
    {
        Raise(_least, channel, used);
        if (channel is { } c && !(used <= 1))
        {
            _clipped.Add(c);
        }
    }

    // Nothing is ever beyond 0 on the side that ends there, whatever the scale.
    private static double Share(float reached, float end) => end == 0 ? 0 : Math.Max(0, (double)reached / end);

    /// <summary>What every channel is divided by; the channels that one node makes are set against each other.</summary>
    private Dictionary<int, double> Divisors()
    {
        Dictionary<int, double> divisors = [];
        foreach (var part in _classes.Parts)
        {
            int[] made = [.. part.Made.OfType<int>().Distinct()
                .Where(c => !divisors.ContainsKey(c) && _values.GetValueOrDefault(c) > 0 && _weights.GetValueOrDefault(c) > 0)];
            if (made.Length < 2)
            {
                continue;
            }

            var (value, weight) = (made.Max(c => _values[c]), made.Max(c => _weights[c]));
            foreach (var channel in made.Where(c => !_clipped.Contains(c)))
            {
                var divisor = Math.Pow(Math.Min(1, Headroom * _values[channel] / value), _power) / Math.Pow(_weights[channel] / weight, 1 - _power);
                divisors[channel] = Math.Clamp(divisor, Math.Max(1 / MostScale, _least.GetValueOrDefault(channel)), MostScale);
            }
        }

        return divisors;
    }

    private static void Raise(Dictionary<int, double> most, int? channel, double value)
    {
        if (channel is { } c)
        {
            most[c] = Math.Max(most.GetValueOrDefault(c), value);
        }
    }
}
