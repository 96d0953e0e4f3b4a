using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Applies a plan: slices every constant, adapts literal shapes and counts, and proves that nothing else changed.</summary>
public static class ChannelPruner
{
    /// <summary>Removes the plan's channels from a copy of the analysed model and proves the removal.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="plan">A plan made for it.</param>
    /// <returns>The smaller model and the proof.</returns>
    /// <exception cref="Contracts.InputException">The plan is for another model.</exception>
    /// <exception cref="Contracts.ModelException">The removal could not be proven.</exception>
    public static (Model Model, RemovalProof Proof) Apply(ModelAnalysis analysis, PrunePlan plan)
    {
        var removed = new RemovedChannels(analysis, plan);
        var pruned = Remove(analysis, removed);
        SpentWeights.GiveBack(analysis.Model);
        return (pruned, RemovalCheck.Require(analysis, removed, pruned));
    }

    /// <summary>The removal alone, which <see cref="Apply"/> proves.</summary>
    internal static Model Remove(ModelAnalysis analysis, RemovedChannels removed)
    {
        var pruned = analysis.Model.Clone();
        var editor = new GraphEditor(pruned.Graph);
        SliceConstants(editor, removed);
        ResizeNodes(editor, removed);
        ResizeDeclaredShapes(editor, removed);
        return pruned;
    }

    private static void SliceConstants(GraphEditor editor, RemovedChannels removed)
    {
        foreach (var axes in removed.Axes.GroupBy(a => a.Value, a => a.Axis))
        {
            var value = editor.Graph.Values[axes.Key];
            if (value.Constant is { } tensor)
            {
                var cut = axes.ToHashSet();
                editor.SetInitializer(value, tensor.Take([.. Enumerable.Range(0, tensor.Rank).Select(axis => cut.Contains(axis) ? removed.Kept(value, axis).ToArray() : null)]));
            }
        }
    }

    private static void ResizeNodes(GraphEditor editor, RemovedChannels removed)
    {
        var touched = removed.Axes.Select(a => a.Value).ToHashSet(StringComparer.Ordinal);
        var change = new ResizeContext(editor, removed);
        foreach (var node in editor.Graph.Nodes.Where(n => n.Inputs.Concat(n.Outputs).Any(v => v is not null && touched.Contains(v.Name))).ToList())
        {
            OperatorRegistry.Find(node)?.Resize(node, change);
        }
    }

    private static void ResizeDeclaredShapes(GraphEditor editor, RemovedChannels removed)
    {
        foreach (var group in removed.Axes.GroupBy(a => a.Value))
        {
            if (editor.Graph.Values.TryGetValue(group.Key, out var value) && value.Constant is null && value.DeclaredShape is { } declared)
            {
                var axes = group.Select(a => a.Axis).ToHashSet();
                editor.SetDeclaredShape(value, [.. declared.Select((d, axis) => axes.Contains(axis) ? Dim.FromInt64(removed.Kept(value, axis).Count) : d)]);
            }
        }
    }
}
