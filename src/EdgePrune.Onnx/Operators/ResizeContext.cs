namespace EdgePrune.Onnx;

/// <summary>What an operator's definition sees and may change when channels around a node are gone.</summary>
/// <param name="editor">The editor of the pruned graph.</param>
/// <param name="kept">Which channels stay.</param>
public sealed class ResizeContext(GraphEditor editor, IKeptIndices kept)
{
    /// <summary>The shape before pruning.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its dimensions.</returns>
    public long[] OldShape(Value value) => kept.OldShape(value);

    /// <summary>The shape after pruning.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its dimensions.</returns>
    public long[] NewShape(Value value) => [.. Enumerable.Range(0, OldShape(value).Length).Select(a => (long)Kept(value, a).Count)];

    /// <summary>Indices of an axis that stay.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <returns>The indices before pruning, in order.</returns>
    public IReadOnlyList<int> Kept(Value value, int axis) => kept.Kept(value, axis);

    /// <summary>Whether an axis lost channels.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <returns>Whether it did.</returns>
    public bool Shrank(Value value, int axis) => Kept(value, axis).Count < OldShape(value)[axis];

    /// <summary>Sets an attribute.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The new value, or null to remove the attribute.</param>
    public void SetAttribute(Node node, string name, AttributeValue? value) => editor.SetAttribute(node, name, value);

    /// <summary>Gives a node a constant of its own in one input, so that other readers of the old one are not touched.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">The input slot.</param>
    /// <param name="tensor">The new constant.</param>
    public void SetConstant(Node node, int index, Tensor tensor)
    {
        var old = node.Input(index);
        editor.SetInput(node, index, editor.AddInitializer((old?.Name ?? node.Output.Name) + "_pruned", tensor));
        if (old is { Constant: not null, IsUsed: false })
        {
            editor.RemoveInitializer(old);
        }
    }

    /// <summary>Lets a node read only some indices of an axis, through a Gather in front of it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">The input slot.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="indices">Indices of the pruned axis, in the order in which the node is to see them.</param>
    public void PickBefore(Node node, int index, int axis, ReadOnlySpan<long> indices)
    {
        var data = node.Input(index)!;
        var places = editor.AddInitializer(data.Name + "_indices", Tensor.Vector(indices));
        var gather = editor.AddNode("Gather", [data, places], data.Name + "_picked", before: node);
        editor.SetAttribute(gather, "axis", new AttributeValue.Int(axis));
        editor.SetInput(node, index, gather.Output);
    }
}
