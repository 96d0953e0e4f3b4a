using EdgePrune.Host;
using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Gates on everything that consumers read of a model's groups. With a row of gates for each sample, one backward pass tells the
/// samples of a batch apart.
/// </summary>
internal sealed class ChannelGates
{
    private readonly ShapeTable _shapes;
    private readonly torch.Tensor?[] _gates;
    private readonly long[] _leading;

    /// <summary>Puts gates into a graph.</summary>
    /// <param name="graph">The program of the analysed model.</param>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="sites">Where.</param>
    public ChannelGates(TorchGraph graph, ModelAnalysis analysis, IReadOnlyList<GateSite> sites)
    {
        (Sites, _shapes) = (sites, analysis.Shapes);
        (_gates, _leading) = (new torch.Tensor?[sites.Count], new long[sites.Count]);
        var nodes = analysis.Model.Graph.Nodes.Zip(graph.Graph.Nodes).ToDictionary(p => p.First, p => p.Second);
        foreach (var read in sites.Index().GroupBy(s => (s.Item.Node, s.Item.Input), s => s.Index))
        {
            int[] places = [.. read];
            graph.Transform(nodes[read.Key.Node], read.Key.Input, tensor => places.Aggregate(tensor, Pass));
        }
    }

    /// <summary>Where the gates are.</summary>
    public IReadOnlyList<GateSite> Sites { get; }

    /// <summary>Size of each site's first axis when the graph last ran.</summary>
    public IReadOnlyList<long> Leading => _leading;

    /// <summary>Sets gates of 1.</summary>
    /// <param name="rows">Rows of gates: one for each sample of a batch, or one for all that is run.</param>
    public void Open(int rows) => Set((_, size) => torch.ones(rows, size).requires_grad_());

    /// <summary>Sets gates of any values, one row for all that is run.</summary>
    /// <param name="values">The gates of a site, from its number of channels.</param>
    public void Set(Func<GateSite, long, torch.Tensor> values)
    {
        for (var i = 0; i < _gates.Length; i++)
        {
            _gates[i] = values(Sites[i], _shapes.Size(Sites[i].Axis.Value, Sites[i].Axis.Axis));
        }
    }

    /// <summary>The gradient of a loss by the gates.</summary>
    /// <param name="loss">A sum over samples.</param>
    /// <returns>For each site its gates' gradients, row by row; null where the loss does not depend on it.</returns>
    public IReadOnlyList<float[]?> Gradients(torch.Tensor loss) =>
        [.. torch.autograd.grad([loss], [.. _gates.Select(g => g!)], allow_unused: true).Select(g => g is null || g.IsInvalid ? null : TorchTensors.ToFloats(g))];

    private torch.Tensor Pass(torch.Tensor tensor, int place)
    {
        var (site, gate) = (Sites[place], _gates[place]!);
        _leading[place] = tensor.shape[0];
        var shape = Enumerable.Repeat(1L, (int)tensor.dim()).ToArray();
        shape[0] = gate.shape[0];
        shape[site.Axis.Axis] = gate.shape[1];
        var open = gate.reshape(shape);
        if (site.MeanAxes is not { } axes)
        {
            return tensor * open;
        }

        // At a gate of 1 the tensor is itself, whatever the mean is.
        var mean = tensor.mean([.. axes.Select(a => (long)a)], keepdim: true).detach();
        return mean + ((tensor - mean) * open);
    }
}
