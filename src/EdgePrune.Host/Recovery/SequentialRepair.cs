using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Repairs a pruned model layer by layer in the order in which they run: each is fitted to what the original gives, on what
/// the layers before it, already repaired, really feed it.
/// </summary>
/// <remarks>
/// Asymmetric reconstruction as in He et al., Channel Pruning, ICCV 2017, and Zhang et al., Accelerating Very Deep
/// Convolutional Networks, PAMI 2016, with shrinkage towards the weights that the covariance alone gives.
/// </remarks>
internal sealed class SequentialRepair
{
    /// <summary>Most numbers in the sampled rows of one layer.</summary>
    private const int MostNumbers = 1 << 25;

    /// <summary>Rows for each unknown, where there are as many: what more of them tell is too little.</summary>
    private const int RowsPerUnknown = 48;

    /// <summary>Rows that are used however few the unknowns.</summary>
    private const int FewestRows = 1 << 14;

    /// <summary>Most unknowns that are solved for; where a layer has more, as many rows are used.</summary>
    private const int MostUnknowns = 2304;

    private readonly ModelAnalysis _analysis;
    private readonly RemovedChannels _removed;
    private readonly Graph _raw;
    private readonly GraphEditor _editor;
    private readonly SegmentedRun _original;
    private readonly SegmentedRun _repaired;
    private readonly int _fitted;

    private SequentialRepair(ModelAnalysis analysis, RemovedChannels removed, Model raw, Model repaired, PolishSamples samples)
    {
        _analysis = analysis;
        _removed = removed;
        _raw = raw.Graph;
        _editor = new GraphEditor(repaired.Graph);
        _original = new SegmentedRun(analysis.Model, samples.Batches);
        _repaired = new SegmentedRun(repaired, samples.Batches);
        _fitted = samples.Fitted;
    }

    /// <summary>Repairs every layer that can be, in place.</summary>
    /// <param name="analysis">The original.</param>
    /// <param name="removed">What was removed.</param>
    /// <param name="raw">The pruned model without any repair.</param>
    /// <param name="repaired">The pruned model with covariance repair; changed.</param>
    /// <param name="samples">What to fit and to judge on.</param>
    /// <returns>What was done to each layer.</returns>
    public static IReadOnlyList<LayerRepair> Apply(ModelAnalysis analysis, RemovedChannels removed, Model raw, Model repaired, PolishSamples samples)
    {
        var repair = new SequentialRepair(analysis, removed, raw, repaired, samples);
        var layers = RepairLayer.Find(analysis, removed);
        return [.. layers.Select((layer, i) => repair.Repair(layer, layers.Skip(i + 1))).OfType<LayerRepair>()];
    }

    private LayerRepair? Repair(RepairLayer layer, IEnumerable<RepairLayer> later)
    {
        var (original, pruned) = (Place(layer, layer.Node, _analysis.Model.Graph), Place(layer, layer.InPruned(_editor.Graph), _editor.Graph));
        var rows = layer.Contraction.Weight.Value.ElementType == ElementType.Float32 ? ContractionRows.TryMake(layer.Contraction) : null;
        if (original.Offset is null || pruned.Offset is null)
        {
            return null;
        }

        if (rows is null)
        {
            return Match(layer, original, pruned);
        }

        if (original.Skip is null || pruned.Skip is null || DependsOn(pruned.Skip, [layer, .. later]) || !SameShape(original))
        {
            (original, pruned) = (original.WithoutSkip(), pruned.WithoutSkip());
        }

        return Fit(layer, Activations(layer, rows, original, pruned), pruned);
    }

    private LayerPlace Place(RepairLayer layer, Node node, Graph graph)
    {
        var output = layer.Contraction.Output;
        var channels = ReferenceEquals(graph, _analysis.Model.Graph) ? _analysis.Shapes.Size(output.Value, output.Axis) : _removed.Kept(output.Value, output.Axis).Count;
        return LayerPlace.Of(node, layer.Contraction, channels, _analysis.Shapes.Rank(output.Value));
    }

    private LayerActivations Activations(RepairLayer layer, ContractionRows rows, LayerPlace original, LayerPlace pruned)
    {
        var data = layer.DataIn(_editor.Graph);
        var given = _repaired.Advance(pruned.Skip is { } skip ? [data, skip] : [data]);
        var wanted = _original.Advance([original.Sum]);
        var view = layer.ViewIn(_editor.Graph);
        return new LayerActivations(rows, view.Inputs * view.Taps)
        {
            Data = given[data.Name],
            Skip = pruned.Skip is null ? null : given[pruned.Skip.Name],
            Target = wanted[original.Sum.Name],
            Kept = _removed.Kept(layer.Contraction.Output.Value, layer.Contraction.Output.Axis),
        };
    }

    private LayerRepair Fit(RepairLayer layer, LayerActivations activations, LayerPlace place)
    {
        var blocks = layer.ViewIn(_editor.Graph).Blocks;
        var random = new Random(1);
        var most = MostRows(activations.Columns, blocks);
        var judge = new LayerJudge(LayerRows.Read(activations, _fitted.., Math.Max(most / 4, FewestRows), random), blocks, place.Range);
        var cut = LayerWeights.Read(layer, _raw, Place(layer, layer.InPruned(_raw), _raw).Offset!);
        var folded = LayerWeights.Read(layer, _editor.Graph, place.Offset!);
        var (before, error) = (judge.Error(cut), judge.Error(folded));
        var start = error <= before ? folded : cut;
        var polish = new LayerPolish(LayerRows.Read(activations, .._fitted, most, random), judge, blocks, place.Range);
        var (best, after) = polish.Improve(start, Math.Min(before, error));
        if (best != folded)
        {
            best.Write(_editor, layer, place.Offset!);
        }

        var step = best == cut ? RepairStep.None : best == folded ? RepairStep.Covariance : RepairStep.LeastSquares;
        return new LayerRepair(layer.Node.Label, layer.Node.OperatorType, step, before, after);
    }

    // Judged where the bias is added: what comes behind is not fitted here.
    private LayerRepair Match(RepairLayer layer, LayerPlace original, LayerPlace pruned)
    {
        var (given, wanted) = (_repaired.Peek(pruned.Biased), _original.Advance([original.Biased])[original.Biased.Name]);
        var output = layer.Contraction.Output;
        var kept = _removed.Kept(output.Value, output.Axis);
        var (fitted, held) = (new ChannelPairs(output.Axis, kept), new ChannelPairs(output.Axis, kept));
        for (var batch = 0; batch < given.Length; batch++)
        {
            (batch < _fitted ? fitted : held).Add(given[batch], wanted[batch]);
        }

        var match = MomentMatch.Fit(fitted);
        var (before, after) = (held.Error([.. kept.Select(_ => 1.0)], new double[kept.Count]), match.Error(held));
        if (after < before)
        {
            match.Apply(LayerWeights.Read(layer, _editor.Graph, pruned.Offset!)).Write(_editor, layer, pruned.Offset!);
        }

        var touched = _removed.Of(layer.Contraction.Data).Count > 0 ? RepairStep.Covariance : RepairStep.None;
        return new LayerRepair(layer.Node.Label, layer.Node.OperatorType, after < before ? RepairStep.Moments : touched, before, Math.Min(before, after));
    }

    private static int MostRows(int columns, int blocks)
    {
        var width = columns / blocks;
        var rows = width > MostUnknowns ? MostUnknowns : Math.Max(FewestRows, RowsPerUnknown * width);
        return Math.Max(64, Math.Min(rows, MostNumbers / columns));
    }

    private bool SameShape(LayerPlace place) =>
        _analysis.Shapes.Find(place.Skip) is { } skip && skip.SequenceEqual(_analysis.Shapes[place.Biased]);

    // A sum can be corrected only once everything that is added is as it will stay.
    private bool DependsOn(Value value, IEnumerable<RepairLayer> layers)
    {
        var open = layers.Select(l => l.InPruned(_editor.Graph)).ToHashSet();
        HashSet<Value> seen = [];
        var next = new Stack<Value>([value]);
        while (next.TryPop(out var current))
        {
            if (current.Producer is { } node && seen.Add(current))
            {
                if (open.Contains(node))
                {
                    return true;
                }

                node.Inputs.Concat(node.Captures).OfType<Value>().ToList().ForEach(next.Push);
            }
        }

        return false;
    }
}
