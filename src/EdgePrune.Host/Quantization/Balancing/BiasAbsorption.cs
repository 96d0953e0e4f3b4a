using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Takes off a channel what all of its values have in common and gives it to the biases of the layers that read it, so that the
/// channel takes up less of the range that it shares. High-bias absorption of Nagel et al., Data-free quantization through weight
/// equalization and bias correction, ICCV 2019, section 4.1.2, with the measured lowest value in the place of an assumed one.
/// </summary>
/// <remarks>
/// Between a layer and one that reads it: relu(W x + b) - c = relu(W x + b - c) where no value is below c, and V y + a = V (y - c) + (a + V c).
/// Worked example: a channel between 7 and 9 beside one between 0 and 4 makes the range 0 to 9. Of the 7 that all values have in
/// common 6.5 can be taken off; 5 bring the range down to 0 to 4.
/// Through a convolution with padding this is no identity: its zeros would have to become -c.
/// </remarks>
internal sealed class BiasAbsorption
{
    // A sample that nobody showed goes lower: a quarter of the channel's own spread stays free.
    private const double Headroom = 0.25;

    // A range that hardly shrinks is not worth a change.
    private const double LeastGain = 0.02;

    private readonly ShiftClasses _classes;
    private readonly Dictionary<int, double> _most = [];
    private readonly Dictionary<int, double> _shifts = [];

    private BiasAbsorption(ShiftClasses classes) => _classes = classes;

    /// <summary>Absorbs what shrinks ranges.</summary>
    /// <param name="prepared">The model; not changed.</param>
    /// <param name="statistics">Shapes of its values.</param>
    /// <param name="quantized">Names of the values that become integers.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The changed copy, or null when no range would shrink.</returns>
    public static Model? Apply(Model prepared, CalibrationStatistics statistics, IReadOnlyCollection<string> quantized, ISampleSource samples, CancellationToken cancellationToken)
    {
        var model = prepared.Clone();
        var absorption = new BiasAbsorption(ShiftClasses.Find(model.Graph, ChannelTies.AllShapes(model.Graph, statistics)));
        var floors = absorption._classes.Floors.Select(v => v.Name).ToHashSet();
        var peaks = ChannelPeaks.Gather(model, absorption._classes.AxesOf(quantized.Union(floors)), samples, cancellationToken);
        foreach (var floor in peaks.Where(p => floors.Contains(p.Value)))
        {
            absorption.Limit(model.Graph, floor);
        }

        foreach (var range in peaks.Where(p => quantized.Contains(p.Value)))
        {
            absorption.Choose(model.Graph, range);
        }

        if (absorption._shifts.Count == 0)
        {
            return null;
        }

        var editor = new GraphEditor(model.Graph);
        foreach (var layer in absorption._classes.Layers)
        {
            absorption.Write(editor, layer);
        }

        return model;
    }

    /// <summary>Channels can give up what no value behind an activation goes below.</summary>
    private void Limit(Graph graph, ChannelPeaks floor)
    {
        for (var i = 0; i < floor.Channels; i++)
        {
            if (ChannelOf(graph, floor, i) is { } channel)
            {
                var most = Math.Max(0, floor.Low(i) - (Headroom * (floor.High(i) - floor.Low(i))));
                _most[channel] = Math.Min(_most.GetValueOrDefault(channel, most), most);
            }
        }
    }

    /// <summary>Channels give up as much as brings them down to where the highest of the others must stay.</summary>
    private void Choose(Graph graph, ChannelPeaks range)
    {
        var most = Enumerable.Range(0, range.Channels).Select(i => ChannelOf(graph, range, i) is { } c ? _most.GetValueOrDefault(c) : 0).ToArray();
        var (before, after) = (Enumerable.Range(0, range.Channels).Max(range.High), most.Select((m, i) => range.High(i) - m).Max());
        if (!(after < before * (1 - LeastGain)))
        {
            return;
        }

        for (var i = 0; i < range.Channels; i++)
        {
            if (most[i] > 0 && range.High(i) > after)
            {
                var channel = ChannelOf(graph, range, i)!.Value;
                _shifts[channel] = Math.Max(_shifts.GetValueOrDefault(channel), Math.Min(most[i], range.High(i) - after));
            }
        }
    }

    private void Write(GraphEditor editor, SparsityLayer layer)
    {
        var (use, matrix) = (layer.Uses[0], layer.Read());
        double[] read = [.. Enumerable.Range(0, layer.Blocks * layer.Channels).Select(i => ShiftOf(use.Contraction.Data with { Value = use.Data }, i))];
        var delta = new double[layer.Rows];
        for (var row = 0; row < layer.Rows; row++)
        {
            delta[row] = -ShiftOf(use.Contraction.Output, row);
            for (var column = 0; column < layer.Columns; column++)
            {
                delta[row] += matrix[(row * layer.Columns) + column] * read[(layer.BlockOf(row) * layer.Channels) + (column % layer.Channels)];
            }
        }

        if (delta.Any(d => d != 0))
        {
            BiasFold.Add(editor, use.Node, use.Contraction, delta);
        }
    }

    private double ShiftOf(AxisRef axis, int index) => _classes.ChannelOf(axis, index) is { } channel ? _shifts.GetValueOrDefault(channel) : 0;

    private int? ChannelOf(Graph graph, ChannelPeaks peaks, int index) => _classes.ChannelOf(new AxisRef(graph.Values[peaks.Value], peaks.Axis), index);
}
