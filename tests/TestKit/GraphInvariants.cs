using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>What must hold of every graph after every edit.</summary>
public static class GraphInvariants
{
    /// <summary>All faults of a graph: use-lists, producers, names and the topological order.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>One sentence a fault; none when all is right.</returns>
    public static IReadOnlyList<string> Faults(Graph graph) =>
        [.. Readers(graph), .. UseLists(graph), .. Producers(graph), .. Order(graph), .. Names(graph), .. Lists(graph)];

    private static IEnumerable<string> Readers(Graph graph) =>
        from node in graph.Nodes
        from slot in node.Inputs.Select((v, i) => (Value: v, Index: i)).Concat(node.Captures.Select(v => (Value: (Value?)v, Index: -1)))
        where slot.Value is not null && slot.Value.Uses.Count(u => u == new Use(node, slot.Index)) != 1
        select $"{node} reads '{slot.Value}' in slot {slot.Index}, which its use-list does not say once.";

    private static IEnumerable<string> UseLists(Graph graph) =>
        from value in graph.Values.Values
        from use in value.Uses
        where !graph.Nodes.Contains(use.Node) || (use.Index < 0 ? !use.Node.Captures.Contains(value) : use.Node.Input(use.Index) != value)
        select $"'{value}' lists a use by {use.Node} in slot {use.Index} that is not there.";

    private static IEnumerable<string> Producers(Graph graph) =>
        graph.Nodes.SelectMany(n => n.Outputs.OfType<Value>().Where(o => o.Producer != n).Select(o => $"'{o}' does not know its producer {n}."))
            .Concat(graph.Values.Values.Where(v => v.Producer is not null && !graph.Nodes.Contains(v.Producer)).Select(v => $"The producer of '{v}' is not in the graph."));

    private static IEnumerable<string> Order(Graph graph)
    {
        HashSet<Node> seen = [];
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs.Concat(node.Captures).Where(v => v?.Producer is not null && !seen.Contains(v.Producer)))
            {
                yield return $"{node} stands before the producer of '{input}'.";
            }

            seen.Add(node);
        }
    }

    private static IEnumerable<string> Names(Graph graph)
    {
        var reachable = graph.Nodes.SelectMany(n => n.Inputs.Concat(n.Outputs).Concat(n.Captures)).OfType<Value>()
            .Concat(graph.Inputs).Concat(graph.Outputs).Concat(graph.Initializers).Distinct();
        return reachable.Where(v => graph.Values.GetValueOrDefault(v.Name) != v).Select(v => $"'{v}' is not known by its name.")
            .Concat(graph.Values.Where(p => p.Key != p.Value.Name).Select(p => $"'{p.Value}' is known by the name '{p.Key}'."));
    }

    private static IEnumerable<string> Lists(Graph graph) =>
        graph.Initializers.Where(v => v.Constant is null || v.Producer is not null).Select(v => $"Initializer '{v}' has no constant or has a producer.")
            .Concat(graph.Outputs.Where(v => !v.IsGraphOutput).Select(v => $"Output '{v}' is not marked."))
            .Concat(graph.Values.Values.Where(v => v.IsGraphOutput && !graph.Outputs.Contains(v)).Select(v => $"'{v}' is marked as an output and is none."))
            .Concat(graph.Values.Values.Where(v => v.Constant is not null && !graph.Initializers.Contains(v)).Select(v => $"'{v}' has a constant and is no initializer."));
}
