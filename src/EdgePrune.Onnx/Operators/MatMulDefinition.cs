namespace EdgePrune.Onnx;

/// <summary>
/// Y = A B over the last two axes, numpy-style. With one constant matrix it is a contraction; with two computed factors, as
/// in attention, or a stack of constant matrices, channels are combined as they come.
/// </summary>
internal sealed class MatMulDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["MatMul"];

    public override QuantizationRule QuantizationOf(Node node) => (node.Input(0)?.Constant, node.Input(1)?.Constant) switch
    {
        (null, not null) => QuantizationRule.Weighted,
        (null, null) => QuantizationRule.Activation,
        _ => QuantizationRule.Float,
    };

    public override IReadOnlyList<int> LinearInputs(Node node, ShapeTable shapes) => node.Inputs is [{ Constant: null } a, { Constant: null } b] && a != b ? [1, 0] : [];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { Length: > 0 } a || shapes.Find(node.Input(1)) is not { Length: > 0 } b)
        {
            return null;
        }

        if (a[^1] != b[b.Length == 1 ? 0 : ^2])
        {
            throw new ArgumentException("The axes to sum over differ.");
        }

        var outer = BroadcastRules.Shape([a.Length > 2 ? a[..^2] : [], b.Length > 2 ? b[..^2] : []]);
        return [[.. outer, .. a.Length > 1 ? a[^2..^1] : [], .. b.Length > 1 ? b[^1..] : []]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (a, b, y) = (node.Input(0)!, node.Input(1)!, node.Output);
        var (rankA, rankB, rankY) = (shapes.Rank(a), shapes.Rank(b), shapes.Rank(y));
        int? rowY = rankA > 1 ? rankY - (rankB > 1 ? 2 : 1) : null;
        int? columnY = rankB > 1 ? rankY - 1 : null;
        LinkOuter(shapes, links, (a, rankA), (y, rankY), rankB > 1 ? 2 : 1, rowY);
        LinkOuter(shapes, links, (b, rankB), (y, rankY), rankA > 1 ? 2 : 1, null);
        if (columnY is { } column)
        {
            links.Tie(b, rankB - 1, y, column);
        }

        var (dataA, dataB) = (new AxisRef(a, rankA - 1), new AxisRef(b, Math.Max(rankB - 2, 0)));
        if (IsMatrix(b, shapes) && a.Constant is null)
        {
            Contract(node, shapes, links, dataA, (dataB, rankB - 1), columnY!.Value);
        }
        else if (IsMatrix(a, shapes) && b.Constant is null)
        {
            Contract(node, shapes, links, dataB, (dataA, rankA - 2), rowY!.Value);
        }
        else
        {
            Reduce(node, shapes, links, dataA, dataB);
        }
    }

    // Axes before the last two align from the right with those of the output.
    private static void LinkOuter(ShapeTable shapes, AxisLinks links, (Value Value, int Rank) factor, (Value Value, int Rank) y, int innerY, int? rowY)
    {
        if (rowY is { } row)
        {
            links.Tie(factor.Value, factor.Rank - 2, y.Value, row);
        }

        for (var axis = factor.Rank - 3; axis >= 0; axis--)
        {
            if (shapes.Size(factor.Value, axis) > 1)
            {
                links.Tie(factor.Value, axis, y.Value, y.Rank - innerY - (factor.Rank - 2 - axis));
            }
        }
    }

    private static bool IsMatrix(Value value, ShapeTable shapes) =>
        value.Constant is { Rank: >= 2 } && shapes[value][..^2].All(d => d == 1);

    private static void Contract(Node node, ShapeTable shapes, AxisLinks links, AxisRef data, (AxisRef Sum, int Output) weight, int output) =>
        links.Contract(new Contraction
        {
            Node = node,
            Data = data,
            Weight = weight.Sum,
            WeightOutputAxis = weight.Output,
            Output = new AxisRef(node.Output, output),
            TrailingAxes = shapes.Rank(node.Output) - 1 - output,
            Macs = shapes.Count(node.Output) * shapes.Size(weight.Sum.Value, weight.Sum.Axis),
        });

    private static void Reduce(Node node, ShapeTable shapes, AxisLinks links, AxisRef a, AxisRef b)
    {
        if (a.Value.Constant is not null && b.Value.Constant is not null)
        {
            var reason = new PinReason(PinKind.NotCovered, $"Node {node} multiplies two constants; fold constants first.");
            links.Pin(a.Value, a.Axis, reason);
            links.Pin(b.Value, b.Axis, reason);
            return;
        }

        links.Tie(a.Value, a.Axis, b.Value, b.Axis);
        var input = a.Value.Constant is null ? 0 : 1;
        var data = input == 0 ? a : b;
        links.Reduce(new ChannelReduction
        {
            Node = node,
            Kind = a.Value.Constant is null && b.Value.Constant is null ? ReductionKind.Product : ReductionKind.WeightedSum,
            Input = input,
            Data = data,
            Axes = [data.Axis],
            Fill = ReductionFill.Zero,
            Macs = shapes.Count(node.Output) * shapes.Size(a.Value, a.Axis),
            Text = $"Node {node} sums over the kept channels of {(b.Value.Constant is null && a.Value.Constant is null ? "two computed tensors" : "a stack of matrices")}.",
        });
    }
}
