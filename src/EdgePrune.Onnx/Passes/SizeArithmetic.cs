namespace EdgePrune.Onnx;

/// <summary>Results of Shape and Size, and of picking from a Shape, that are fixed numbers.</summary>
internal static class SizeArithmetic
{
    /// <summary>The numbers that a node gives, or null when they are not fixed or no sizes.</summary>
    public static Tensor? Find(Node node, StaticSizes sizes)
    {
        if (node.Domain.Length > 0)
        {
            return null;
        }

        return node.OperatorType switch
        {
            "Shape" => Vector(ShapeOf(node, sizes)),
            "Size" => sizes.Find(node.Input(0)!) is { } all && all.All(d => d is not null) ? Tensor.Of([], [all.Aggregate(1L, (product, d) => product * d!.Value)]) : null,
            "Gather" => Picked(node, sizes),
            _ => null,
        };
    }

    private static long?[]? ShapeOf(Node node, StaticSizes sizes) => sizes.Find(node.Input(0)!) is { } all
        ? [.. ShapeDefinition.Range(node, all.Length).Select(axis => all[axis])]
        : null;

    // Gather from a Shape of which the picked sizes are fixed, although others, such as the batch, are not.
    private static Tensor? Picked(Node node, StaticSizes sizes)
    {
        if (node.Input(0)?.Producer is not { OperatorType: "Shape", Domain: "" } shape
            || node.Input(1)?.Constant is not { Rank: <= 1 } indices
            || ShapeOf(shape, sizes) is not { } all)
        {
            return null;
        }

        var picked = Vector([.. NodeArguments.Axes(indices.ToInts(), all.Length).Select(i => all[i])]);
        return indices.Rank == 0 ? picked?.Reshape() : picked;
    }

    private static Tensor? Vector(long?[]? sizes) =>
        sizes is not null && Array.TrueForAll(sizes, d => d is not null) ? Tensor.Vector([.. sizes.Select(d => d!.Value)]) : null;
}
