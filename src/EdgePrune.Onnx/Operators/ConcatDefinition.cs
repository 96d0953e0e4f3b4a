namespace EdgePrune.Onnx;

/// <summary>Joins tensors along an axis: each input's channels sit at its offset in the output.</summary>
internal sealed class ConcatDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Concat"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Activation;

    public override bool KeepsScale(Node node, ShapeTable shapes) => node.Inputs.All(v => v is { Constant: null });

    public override ShiftRule ShiftOf(Node node, ShapeTable shapes) => KeepsScale(node, shapes) ? ShiftRule.Kept : ShiftRule.Changed;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        var inputs = node.Inputs.Select(shapes.Find).OfType<long[]>().ToList();
        if (inputs.Count == 0 || inputs.Count < node.Inputs.Count)
        {
            return null;
        }

        var output = inputs[0].ToArray();
        var joined = Axis(node, output.Length);
        if (inputs.Any(s => s.Length != output.Length || s.Where((d, axis) => axis != joined && d != output[axis]).Any()))
        {
            throw new ArgumentException("The tensors to join differ on another axis.");
        }

        output[joined] = inputs.Sum(s => s[joined]);
        return [output];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var rank = shapes.Rank(node.Output);
        var (joined, offset) = (Axis(node, rank), 0);
        foreach (var input in node.Inputs.OfType<Value>())
        {
            var size = shapes.Size(input, joined);
            for (var axis = 0; axis < rank; axis++)
            {
                links.Tie(input, axis, node.Output, axis, axis == joined ? new IndexMap.Offset(0, offset, size) : null);
            }

            offset += size;
        }
    }

    // Operator sets before 4 take axis 1 when none is given.
    private static int Axis(Node node, int rank) => NodeArguments.Axis(node.Int("axis", 1), rank);
}
