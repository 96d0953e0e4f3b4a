using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Guesses statistics at consumers' inputs from the weights alone: normalised data goes through the model layer by layer as
/// mean and covariance of normal channels. Where an operator is not known the guess ends, and what follows gets none.
/// </summary>
internal sealed class MomentPropagation
{
    private readonly ModelAnalysis _analysis;
    private readonly Dictionary<Value, ChannelMoments> _moments = [];
    private readonly Dictionary<AxisRef, ChannelStatistics> _statistics = [];
    private readonly HashSet<Value> _weighted = [];

    private MomentPropagation(ModelAnalysis analysis) => _analysis = analysis;

    /// <summary>Statistics of the data of every contraction that the guess reaches.</summary>
    public static IReadOnlyDictionary<AxisRef, ChannelStatistics> Of(ModelAnalysis analysis)
    {
        var propagation = new MomentPropagation(analysis);
        var layers = RepairLayer.All(analysis).ToLookup(c => c.Node);
        foreach (var node in analysis.Model.Graph.Nodes)
        {
            propagation.Pass(node, [.. layers[node]]);
        }

        return propagation._statistics;
    }

    private void Pass(Node node, List<Contraction> layers)
    {
        if (layers.Count > 0 || node.Inputs.OfType<Value>().Any(_weighted.Contains))
        {
            _weighted.UnionWith(node.Outputs.OfType<Value>());
        }

        var moments = layers is [var layer] ? Behind(layer) : layers.Count == 0 ? Behind(node) : null;
        if (moments is not null)
        {
            _moments[node.Output] = moments;
        }
    }

    private ChannelMoments? Behind(Contraction layer)
    {
        if (!layer.IsAffine || layer.IsRecurrent)
        {
            return null;
        }

        var data = layer.Data.Value;
        var moments = _moments.GetValueOrDefault(data) ?? (_weighted.Contains(data) ? null : ChannelMoments.Standard(_analysis.Shapes.Size(data, layer.Data.Axis)));
        var offset = LayerPlace.Of(layer.Node, layer, _analysis.Shapes.Size(layer.Output.Value, layer.Output.Axis), _analysis.Shapes.Rank(layer.Output.Value)).Offset;
        if (moments is null || offset is null || _analysis.Shapes.Size(data, layer.Data.Axis) % moments.Mean.Length != 0)
        {
            return null;
        }

        Keep(layer.Data, moments);
        return layer.OutputAxisIsPerBlock ? null : WeightMoments.Behind(layer, moments, offset);
    }

    private void Keep(AxisRef data, ChannelMoments moments)
    {
        if (StatisticsPass.MembersOf(_analysis, data) is { } members)
        {
            var positions = _analysis.Shapes.Size(data.Value, data.Axis) / moments.Mean.Length;
            _statistics[data] = ChannelStatistics.Of(data, members, i => moments.Mean[i / positions], (i, j) => moments.Covariance[i / positions][j / positions]);
        }
    }

    private ChannelMoments? Behind(Node node)
    {
        var data = node.Inputs.OfType<Value>().Where(v => v.Constant is null).ToList();
        if (data.Count == 0 || data.Any(v => !_moments.ContainsKey(v)))
        {
            return null;
        }

        var first = _moments[data[0]];
        return node.OperatorType switch
        {
            // A constant that is added is part of the layer before it.
            "Add" when data.Count == 1 => first,
            "Add" when data.Count == 2 && _moments[data[1]].Mean.Length == first.Mean.Length => ChannelMoments.Sum(first, _moments[data[1]]),
            "Concat" => Concat(data.ConvertAll(v => _moments[v])),
            "MaxPool" => first.Largest([.. node.Ints("kernel_shape") ?? []]),
            "AveragePool" => first.Averaged([.. node.Ints("kernel_shape") ?? []]),
            "GlobalAveragePool" or "ReduceMean" => first.Averaged(_analysis.Shapes[data[0]].AsSpan(2)),
            "Flatten" or "Reshape" or "Squeeze" => Flat(first, _analysis.Shapes[data[0]], _analysis.Shapes[node.Output]),
            _ => ActivationMoments.FunctionOf(node) is { } function ? ActivationMoments.Behind(first, function) : null,
        };
    }

    private static ChannelMoments Concat(List<ChannelMoments> parts)
    {
        var size = parts.Sum(p => p.Mean.Length);
        List<double[]> rows = [];
        foreach (var part in parts)
        {
            var first = rows.Count;
            rows.AddRange(part.Covariance.Select(row => (double[])[.. new double[first], .. row, .. new double[size - first - row.Length]]));
        }

        return new ChannelMoments([.. parts.SelectMany(p => p.Mean)], [.. rows], parts[0].Grid);
    }

    // [N, C, space] to [N, C x space].
    private static ChannelMoments? Flat(ChannelMoments moments, long[] from, long[] to) =>
        from.Length >= 2 && to.Length == 2 && from[0] == to[0] && moments.Grid.Length == 0 && from[1] == moments.Mean.Length
            ? moments with { Grid = Tensor.Elements(from.AsSpan(2)) > 1 ? from[2..] : [] }
            : from.SequenceEqual(to) ? moments : null;
}
