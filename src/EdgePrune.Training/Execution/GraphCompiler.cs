using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Numbers the values of a graph and turns its nodes into steps; names everything that cannot be done, at once.</summary>
internal sealed class GraphCompiler
{
    // Attention masks add a number like -10,000 to what is not to be seen. No weight is trained to such a size.
    private const float MaskLevel = -1000;

    private readonly Graph _graph;

    public GraphCompiler(Graph graph)
    {
        _graph = graph;
        Slots = graph.Values.Values.Select((value, slot) => (value, slot)).ToDictionary(p => p.value, p => p.slot);
    }

    public IReadOnlyDictionary<Value, int> Slots { get; }

    /// <exception cref="ModelException"><see cref="ErrorCode.UnknownOperator"/>: all nodes that cannot be trained.</exception>
    public GraphStep[] Compile()
    {
        var refusals = _graph.Nodes.Select(Refusal).OfType<string>().ToList();
        if (refusals.Count > 0)
        {
            throw new ModelException(ErrorCode.UnknownOperator,
                $"{refusals.Count} node(s) of graph '{_graph.Name}' cannot be trained: {string.Join("; ", refusals)}. Repair the model without training, or train it where it was made.");
        }

        GraphStep[] steps = [.. _graph.Nodes.Select(Step)];
        FindLastReads(steps);
        return steps;
    }

    /// <summary>Whether a constant is a weight to learn: of floats, and so for every node that reads it.</summary>
    public static bool Learns(Value constant) =>
        constant.Constant!.ElementType.IsFloat() && constant.Uses.Count > 0
        && constant.Uses.All(u => u.Index >= 0 && TorchOperatorRegistry.Find(u.Node)?.Learns(u.Node, u.Index) == true)
        && !Array.Exists(constant.Constant.ToFloats(), w => w <= MaskLevel);

    private static string? Refusal(Node node)
    {
        if (TorchOperatorRegistry.Find(node) is not { } found)
        {
            return node.Domain.Length == 0 ? $"{node} is an operator without a gradient here" : $"{node} is of the domain '{node.Domain}', which has no gradients here";
        }

        if (node.Outputs.Skip(found.OutputCount).Any(o => o is { IsUsed: true }))
        {
            return found.OutputCount == 1 ? $"{node} is read at an output other than its first" : $"{node} is read at an output after number {found.OutputCount}";
        }

        return node.Inputs.FirstOrDefault(i => i?.Constant is { } c && !TorchTensors.CanHold(c.ElementType)) is { } constant
            ? $"{node} reads the constant '{constant.Name}' of type {constant.ElementType}"
            : found.Refusal(node) is { } reason ? $"{node} {reason}" : null;
    }

    private GraphStep Step(Node node) => new(
        node,
        TorchOperatorRegistry.Find(node)!.Compile(node),
        [.. node.Inputs.Select(SlotOf)],
        [.. node.Outputs.Select(SlotOf)]);

    // From the end, the first step that reads a value is its last reader. What nobody reads goes where it was made.
    private void FindLastReads(GraphStep[] steps)
    {
        var isSeen = new bool[Slots.Count];
        foreach (var step in steps.Reverse())
        {
            var computed = step.Node.Inputs.Where(v => v?.Producer is not null).Select(SlotOf).Concat(step.Outputs.Where(s => s >= 0));
            step.LastReads = [.. computed.Distinct().Where(slot => !isSeen[slot])];
            Array.ForEach(step.LastReads, slot => isSeen[slot] = true);
        }
    }

    private int SlotOf(Value? value) => value is null ? -1 : Slots[value];
}
