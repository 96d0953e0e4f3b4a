using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Cuts the analysed graph into the segments of a proof, in topological order.</summary>
/// <remarks>
/// Worked example: of a chain of 4 convolutions, the first segment gives the second one's output, which is compared and read
/// by the second segment, and is spent behind that.
/// </remarks>
internal sealed class SegmentPlanner
{
    private readonly ModelAnalysis _analysis;
    private readonly Model _pruned;
    private readonly HashSet<Value> _compared;
    private readonly Dictionary<Value, int> _lastReader = [];
    private readonly HashSet<Value> _open = [];
    private readonly List<Value> _made = [];
    private long _elements;
    private int _nodes;
    private int _stuck;

    private SegmentPlanner(ModelAnalysis analysis, Model pruned)
    {
        (_analysis, _pruned) = (analysis, pruned);

        // A saturated softmax would hide an error inside: what every contraction gives is compared as well. The gates of a
        // recurrent layer stay inside the node; its states are compared instead.
        _compared = [.. analysis.Model.Graph.Outputs, .. analysis.Contractions.Select(c => c.IsRecurrent ? c.Data.Value : c.Output.Value).Where(v => v.Constant is null)];
        foreach (var (position, node) in analysis.Model.Graph.Nodes.Index())
        {
            foreach (var read in node.Inputs.Concat(node.Captures).OfType<Value>())
            {
                _lastReader[read] = position;
            }
        }
    }

    /// <summary>The segments; together they compare every output and what every contraction gives.</summary>
    public static IReadOnlyList<ProofSegment> Plan(ModelAnalysis analysis, Model pruned, SegmentSize size) => [.. new SegmentPlanner(analysis, pruned).Cut(size)];

    private IEnumerable<ProofSegment> Cut(SegmentSize size)
    {
        var nodes = _analysis.Model.Graph.Nodes;
        for (var position = 0; position < nodes.Count; position++)
        {
            Add(nodes[position], position);
            if (position < nodes.Count - 1 && (_nodes >= size.Nodes || _elements >= size.Elements) && _stuck == 0 && _made.Exists(IsWanted))
            {
                yield return Close(position);
            }
        }

        _made.AddRange(_compared.Where(v => v.Producer is null));
        yield return Close(nodes.Count);
    }

    private void Add(Node node, int position)
    {
        _nodes++;
        foreach (var output in node.Outputs.OfType<Value>())
        {
            _made.Add(output);
            _elements += _compared.Contains(output) ? _analysis.Shapes.Count(output) : 0;
            _stuck += _lastReader.ContainsKey(output) && !MayCross(output) ? 1 : 0;
        }

        _stuck -= node.Inputs.Concat(node.Captures).OfType<Value>().Distinct().Count(v => v.Producer is not null && _lastReader[v] == position && !MayCross(v));
    }

    // What is no tensor, or has no counterpart in the smaller model, cannot be handed from one segment to the next.
    private bool MayCross(Value value) => _analysis.Shapes.Find(value) is not null && _pruned.Graph.Values.ContainsKey(value.Name);

    private bool IsWanted(Value value) => _compared.Contains(value) || _lastReader.ContainsKey(value);

    private ProofSegment Close(int position)
    {
        var wanted = _made.Where(v => _compared.Contains(v) || _lastReader.GetValueOrDefault(v, -1) > position).ToList();
        _open.UnionWith(wanted);
        var spent = _open.Where(v => _lastReader.GetValueOrDefault(v, -1) <= position).ToList();
        _open.ExceptWith(spent);
        var segment = new ProofSegment(
            [.. wanted.Where(_compared.Contains)],
            [.. wanted.Where(v => _lastReader.GetValueOrDefault(v, -1) > position).Select(v => v.Name)],
            [.. spent.Select(v => v.Name)]);
        _made.Clear();
        (_elements, _nodes) = (0, 0);
        return segment;
    }
}
