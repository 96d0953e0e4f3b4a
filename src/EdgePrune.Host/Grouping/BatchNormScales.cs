using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Notes the scale and shift of every batch normalization before the next pass folds it into the layer before, where gamma can no
/// longer be told from the weight. Changes nothing.
/// </summary>
internal sealed class BatchNormScales : IGraphPass
{
    private readonly Dictionary<string, BatchNormScale> _byValue = new(StringComparer.Ordinal);

    public string Name => "batch normalization scales";

    public int Apply(Model model)
    {
        foreach (var node in model.Graph.Nodes.Where(n => n is { OperatorType: "BatchNormalization", Domain: "" }))
        {
            if (node.Input(0) is { } data && node.Input(1)?.Constant is { } gamma && node.Input(2)?.Constant is { } beta)
            {
                // Folding keeps the name of one or the other.
                _byValue[data.Name] = _byValue[node.Output.Name] = new BatchNormScale(gamma.ToFloats(), beta.ToFloats());
            }
        }

        return 0;
    }

    /// <summary>The scales by the channel axis they stand on in the normalised graph; those of one node stand there once.</summary>
    public IReadOnlyDictionary<AxisRef, BatchNormScale> In(Graph graph)
    {
        var (found, placed) = (new Dictionary<AxisRef, BatchNormScale>(), new HashSet<BatchNormScale>());
        foreach (var (name, scale) in _byValue)
        {
            if (graph.Values.TryGetValue(name, out var value) && placed.Add(scale))
            {
                found[new AxisRef(value, 1)] = scale;
            }
        }

        return found;
    }
}

/// <summary>Scale and shift of a batch normalization, one number a channel.</summary>
/// <param name="Gamma">The scale.</param>
/// <param name="Beta">The shift.</param>
internal sealed record BatchNormScale(float[] Gamma, float[] Beta);
