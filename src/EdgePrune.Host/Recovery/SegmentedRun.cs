using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Runs a model piece by piece over all batches, so that its weights can change between pieces and no node runs twice.
/// Only values that a node still needs are kept.
/// </summary>
/// <param name="model">The model; weights of nodes that have not run yet may change.</param>
/// <param name="batches">The batches: tensors by input name.</param>
internal sealed class SegmentedRun(Model model, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> batches)
{
    private readonly Dictionary<string, Tensor[]> _values =
        batches[0].Keys.ToDictionary(name => name, name => batches.Select(b => b[name]).ToArray(), StringComparer.Ordinal);

    private readonly HashSet<Node> _done = [];

    // A subgraph reads values by name, which a cut would rename: such models start at their inputs each time.
    private readonly bool _canCut = model.Graph.Nodes.All(n => n.Captures.Count == 0);

    /// <summary>Runs what these values still need, and gives them, one tensor for each batch.</summary>
    public IReadOnlyDictionary<string, Tensor[]> Advance(IReadOnlyCollection<Value> values)
    {
        var nodes = Missing(values);
        var results = nodes.Count == 0 ? [] : Run(nodes, values);
        foreach (var (name, tensors) in results)
        {
            _values[name] = tensors;
        }

        var wanted = values.Select(v => v.Name).Distinct().ToDictionary(n => n, n => _values[n], StringComparer.Ordinal);
        _done.UnionWith(nodes);
        Forget();
        return wanted;
    }

    /// <summary>The same without going forward: the nodes run again with the weights that they have then.</summary>
    public Tensor[] Peek(Value value)
    {
        var nodes = Missing([value]);
        return nodes.Count == 0 ? _values[value.Name] : Run(nodes, [value])[value.Name];
    }

    private HashSet<Node> Missing(IEnumerable<Value> values)
    {
        HashSet<Node> missing = [];
        var open = new Stack<Value>(values);
        while (open.TryPop(out var value))
        {
            if (!_values.ContainsKey(value.Name) && value.Producer is { } node && missing.Add(node))
            {
                foreach (var input in node.Inputs.Concat(node.Captures).OfType<Value>())
                {
                    open.Push(input);
                }
            }
        }

        return missing;
    }

    private Dictionary<string, Tensor[]> Run(HashSet<Node> nodes, IReadOnlyCollection<Value> values)
    {
        var outputs = nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => values.Contains(v) || v.Uses.Any(u => !nodes.Contains(u.Node))).ToList();
        var inputs = nodes.SelectMany(n => n.Inputs.Concat(n.Captures)).OfType<Value>().Select(v => v.Name).Where(_values.ContainsKey).Distinct().ToList();
        var (segment, names) = Cut(inputs, outputs);
        using var runner = new GraphRunner(segment);
        var results = runner.OutputNames.ToDictionary(n => n, _ => new Tensor[batches.Count], StringComparer.Ordinal);
        for (var batch = 0; batch < batches.Count; batch++)
        {
            foreach (var (name, tensor) in runner.OutputNames.Zip(runner.Run(names.ToDictionary(n => n.Value, n => _values[n.Key][batch]))))
            {
                results[name][batch] = tensor;
            }
        }

        return results;
    }

    /// <summary>The piece of the model between these values, and for each input its name in the piece.</summary>
    private (Model Segment, Dictionary<string, string> Names) Cut(List<string> inputs, List<Value> outputs)
    {
        var segment = model.Clone();
        var editor = new GraphEditor(segment.Graph);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in inputs)
        {
            var value = segment.Graph.Values[name];
            names[name] = value.IsGraphInput ? name : Open(editor, value, _values[name][0]);
        }

        segment.Graph.Outputs.ToList().ForEach(editor.RemoveGraphOutput);
        outputs.ForEach(o => editor.AddGraphOutput(segment.Graph.Values[o.Name]));
        new UnusedNodes().Apply(segment);
        segment.Graph.Inputs.Where(i => !i.IsUsed).ToList().ForEach(editor.RemoveInitializer);
        return (segment, names);
    }

    private static string Open(GraphEditor editor, Value value, Tensor sample)
    {
        var input = editor.AddInput(editor.UniqueName(value.Name + "_cut"), sample.ElementType, [.. sample.Dims.ToArray().Select(_ => new Dim(null, null))]);
        editor.ReplaceUses(value, input);
        return input.Name;
    }

    private void Forget()
    {
        foreach (var name in _values.Keys.ToList())
        {
            var value = model.Graph.Values[name];
            if (!value.IsGraphInput && (!_canCut || value.Uses.All(u => _done.Contains(u.Node))))
            {
                _values.Remove(name);
            }
        }
    }
}
