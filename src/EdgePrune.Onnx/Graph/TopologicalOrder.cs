using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>Kahn's algorithm with the present order as tie-breaker.</summary>
internal static class TopologicalOrder
{
    public static List<Node> Sort(List<Node> nodes)
    {
        var position = nodes.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i);
        var waiting = nodes.ToDictionary(n => n, n => Producers(n, position).Count());
        var ready = new PriorityQueue<Node, int>(nodes.Where(n => waiting[n] == 0).Select(n => (n, position[n])));
        List<Node> sorted = [];
        while (ready.TryDequeue(out var node, out _))
        {
            sorted.Add(node);
            foreach (var reader in node.OutputList.OfType<Value>().SelectMany(o => o.Uses).Select(u => u.Node).Distinct())
            {
                if (--waiting[reader] == 0)
                {
                    ready.Enqueue(reader, position[reader]);
                }
            }
        }

        return sorted.Count == nodes.Count
            ? sorted
            : throw new ModelException(ErrorCode.InvalidGraph, $"The graph has a cycle through node {nodes.Except(sorted).First()}. Export the model again.");
    }

    private static IEnumerable<Node> Producers(Node node, Dictionary<Node, int> inGraph) =>
        node.InputList.Concat(node.CaptureList).Select(v => v?.Producer).OfType<Node>().Where(inGraph.ContainsKey).Distinct();
}
