namespace EdgePrune.Onnx;

/// <summary>
/// Replaces what can be computed without inputs by constants, and sizes that are fixed by numbers. Random, control-flow and
/// quantization nodes stay, and so do results that are larger than what they are made from and than a limit.
/// </summary>
/// <param name="evaluator">Computes the constants.</param>
/// <param name="largestBytes">Largest constant that may be made larger than what it is made from. Default: 16 MiB.</param>
public sealed class ConstantFolding(INodeEvaluator evaluator, long largestBytes = 16 * 1024 * 1024) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "constant folding";

    /// <inheritdoc/>
    public int Apply(Model model) => FoldSizes(model.Graph) + FoldNodes(model);

    private static int FoldSizes(Graph graph)
    {
        if (!graph.Nodes.Any(n => n is { OperatorType: "Shape" or "Size", Domain: "" }))
        {
            return 0;
        }

        var (sizes, editor) = (StaticSizes.Of(graph), new GraphEditor(graph));
        var folded = graph.Nodes
            .Where(n => n.Outputs is [{ IsGraphOutput: false, IsUsed: true }])
            .Select(n => (n.Output, Tensor: sizes.FixedIntegers(n.Output)))
            .Where(f => f.Tensor is not null)
            .ToList();
        foreach (var (output, tensor) in folded)
        {
            editor.MakeInitializer(output, tensor!);
        }

        return folded.Count;
    }

    private int FoldNodes(Model model)
    {
        var nodes = Foldable(model.Graph);
        var wanted = nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => IsWanted(v, nodes)).ToList();
        if (wanted.Count == 0)
        {
            return 0;
        }

        var results = evaluator.Evaluate(ConstantModel.Of(model, nodes, wanted));
        var editor = new GraphEditor(model.Graph);
        return wanted.Zip(results).ToList().Count(r => Replace(r.First, r.Second, editor));
    }

    private bool Replace(Value value, Tensor tensor, GraphEditor editor)
    {
        if (!MayStand(tensor.Bytes.Length, value.Producer!))
        {
            return false;
        }

        editor.MakeInitializer(value, tensor);
        return true;
    }

    // In topological order, so that what is made of foldable results is found in one sweep.
    private HashSet<Node> Foldable(Graph graph)
    {
        var shapes = ShapeInference.Infer(graph);
        HashSet<Node> nodes = [];
        foreach (var node in graph.Nodes)
        {
            if (FoldableOperators.Allow(node)
                && node.Inputs.All(v => v is null || v.Constant is { } c && c.ElementType.Size() > 0 || (v.Producer is { } p && nodes.Contains(p)))
                && node.Outputs.OfType<Value>().All(o => shapes.Find(o) is not { } shape || MayStand(Tensor.Elements(shape) * Math.Max(1, o.ElementType.Size()), node)))
            {
                nodes.Add(node);
            }
        }

        return nodes;
    }

    private static bool IsWanted(Value value, HashSet<Node> nodes) =>
        !value.IsGraphOutput && value.Uses.Any(u => u.Index < 0 || !nodes.Contains(u.Node) || u.Node.Outputs.Any(o => o is { IsGraphOutput: true }));

    private bool MayStand(long bytes, Node node) =>
        bytes <= largestBytes || bytes <= node.Inputs.Sum(v => v?.Constant?.Bytes.Length ?? 0L);
}
