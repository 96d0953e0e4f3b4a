namespace EdgePrune.Onnx;

/// <summary>Regroups axes into a shape that a constant gives; a computed shape pins everything.</summary>
internal sealed class ReshapeDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Reshape"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || (Literal(node) ?? shapes.FindIntegers(node.Input(1))?.ToInts()) is not { } literal)
        {
            return null;
        }

        var output = literal.Select((d, axis) => CopiesInput(node, d) ? data[axis] : d).ToArray();
        var free = Array.IndexOf(output, -1);
        if (free >= 0)
        {
            output[free] = 1;
            output[free] = Tensor.Elements(data) / Tensor.Elements(output);
        }

        return Tensor.Elements(output) == Tensor.Elements(data) ? [output] : throw new ArgumentException("The number of elements would change.");
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (Literal(node) is null)
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes a shape that is computed when the model runs."));
            return;
        }

        ReshapeLinks.Declare(node, node.Input(0)!, shapes, links);
    }

    public override void Resize(Node node, ResizeContext change)
    {
        if (Literal(node) is not { } literal)
        {
            return;
        }

        var (from, to) = (change.NewShape(node.Input(0)!), change.NewShape(node.Output));
        var changed = literal.Select((d, axis) => d switch
        {
            -1 => -1,
            _ when CopiesInput(node, d) && from[axis] == to[axis] => d,
            _ when change.Shrank(node.Output, axis) || CopiesInput(node, d) => to[axis],
            _ => d,
        }).ToArray();
        if (!changed.SequenceEqual(literal))
        {
            NodeArguments.SetInts(node, "shape", 1, changed, change);
        }
    }

    private static IReadOnlyList<long>? Literal(Node node) => NodeArguments.Ints(node, "shape", 1);

    private static bool CopiesInput(Node node, long literal) => literal == 0 && node.Int("allowzero", 0) == 0;
}
