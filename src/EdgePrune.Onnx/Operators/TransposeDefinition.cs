namespace EdgePrune.Onnx;

/// <summary>Permutes axes; reverses them when no permutation is given.</summary>
internal sealed class TransposeDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Transpose"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) =>
        shapes.Find(node.Input(0)) is { } data ? [[.. Permutation(node, data.Length).Select(axis => data[axis])]] : null;

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var permutation = Permutation(node, shapes.Rank(node.Output));
        for (var axis = 0; axis < permutation.Length; axis++)
        {
            links.Tie(node.Input(0)!, permutation[axis], node.Output, axis);
        }
    }

    /// <summary>Where each axis of the result comes from.</summary>
    public static int[] Permutation(Node node, int rank) => node.Ints("perm") is { } permutation
        ? permutation.Count == rank ? NodeArguments.Axes(permutation, rank) : throw new ArgumentException("The permutation has another rank.")
        : [.. Enumerable.Range(0, rank).Reverse()];
}
