namespace EdgePrune.Onnx.Serialization;

/// <summary>Names that a node's subgraphs read from outside.</summary>
internal static class SubgraphCaptures
{
    public static IReadOnlyList<string> Of(NodeProto node) =>
        [.. Subgraphs(node).SelectMany(FreeNames).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<GraphProto> Subgraphs(NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is null ? (IEnumerable<GraphProto>)a.Graphs : a.Graphs.Append(a.G));

    private static IEnumerable<string> FreeNames(GraphProto graph)
    {
        HashSet<string> bound = [.. graph.Input.Select(v => v.Name), .. graph.Initializer.Select(t => t.Name), .. graph.Node.SelectMany(n => n.Output)];
        return graph.Node
            .SelectMany(n => n.Input.Concat(Of(n)))
            .Concat(graph.Output.Select(v => v.Name))
            .Where(n => n.Length > 0 && !bound.Contains(n));
    }
}
