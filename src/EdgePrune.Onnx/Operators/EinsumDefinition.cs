namespace EdgePrune.Onnx;

/// <summary>
/// Sums of products by an equation: axes of one letter are the same channels. Letters that are summed over with one constant
/// operand make contractions; with computed operands only, they are combined as they come.
/// </summary>
internal sealed class EinsumDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Einsum"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (node.Inputs.Any(v => shapes.Find(v) is null))
        {
            return null;
        }

        var equation = Equation(node, shapes);
        return [[.. equation.Result.Select(label => node.Inputs.Index()
            .Where(i => equation.AxisOf(i.Index, label) >= 0)
            .Max(i => shapes[i.Item!][equation.AxisOf(i.Index, label)]))]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var equation = Equation(node, shapes);
        foreach (var label in equation.Operands.SelectMany(o => o).Distinct())
        {
            TieLabel(node, equation, label, shapes, links);
        }

        PinDiagonals(node, equation, links);
        string[] summed = [.. equation.Operands.SelectMany(o => o).Distinct().Except(equation.Result)];
        int[] constant = [.. node.Inputs.Index().Where(i => i.Item!.Constant is not null).Select(i => i.Index)];
        string[] shared = [.. summed.Where(l => equation.Operands.All(o => o.Contains(l)))];
        if (node.Inputs.Count > 2 || constant.Length == node.Inputs.Count)
        {
            PinLabels(node, equation, summed, links);
            return;
        }

        PinLabels(node, equation, summed.Except(shared), links);
        string[] made = constant.Length == 1 ? [.. equation.Operands[constant[0]].Intersect(equation.Result).Except(equation.Operands[1 - constant[0]])] : [];
        if (made.Length > 0 && shared.Length > 0)
        {
            Contract(node, equation, constant[0], (shared, made), shapes, links);
        }
        else
        {
            Reduce(node, equation, shared, constant, shapes, links);
        }
    }

    // Every axis of the label to the first that is not repeated by broadcasting.
    private static void TieLabel(Node node, EinsumEquation equation, string label, ShapeTable shapes, AxisLinks links)
    {
        List<AxisRef> axes = [];
        foreach (var (operand, value) in node.Inputs.Index())
        {
            axes.AddRange(equation.Operands[operand].Index().Where(a => a.Item == label).Select(a => new AxisRef(value!, a.Index)));
        }

        if (equation.ResultAxis(label) is >= 0 and var axis)
        {
            axes.Add(new AxisRef(node.Output, axis));
        }

        var wide = axes.Where(a => shapes.Size(a.Value, a.Axis) > 1).ToList();
        foreach (var other in wide.Skip(1))
        {
            links.Tie(wide[0].Value, wide[0].Axis, other.Value, other.Axis);
        }
    }

    // A letter twice in one operand takes a diagonal.
    private static void PinDiagonals(Node node, EinsumEquation equation, AxisLinks links)
    {
        foreach (var (operand, labels) in equation.Operands.Index())
        {
            foreach (var (axis, label) in labels.Index().Where(l => labels.Count(o => o == l.Item) > 1))
            {
                links.Pin(node.Inputs[operand]!, axis, new PinReason(PinKind.NotCovered, $"Node {node} takes a diagonal of '{label}'."));
            }
        }
    }

    private static void PinLabels(Node node, EinsumEquation equation, IEnumerable<string> labels, AxisLinks links)
    {
        foreach (var label in labels)
        {
            foreach (var (operand, value) in node.Inputs.Index().Where(i => equation.AxisOf(i.Index, label) >= 0))
            {
                links.Pin(value!, equation.AxisOf(operand, label), new PinReason(PinKind.NotCovered, $"Node {node} sums over '{label}' of some of its operands."));
            }
        }
    }

    // One contraction for each letter summed over and each letter made, so that every one has its consumer or producer; only
    // a matrix whose rows become the last axis gives an output to which a bias can be added as to any linear layer's.
    private static void Contract(Node node, EinsumEquation equation, int constant, (string[] Summed, string[] Made) letters, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight) = (node.Inputs[1 - constant]!, node.Inputs[constant]!);
        var macs = shapes.Count(node.Output) * letters.Summed.Aggregate(1L, (product, l) => product * shapes.Size(weight, equation.AxisOf(constant, l)));
        for (var i = 0; i < Math.Max(letters.Summed.Length, letters.Made.Length); i++)
        {
            var (summed, made) = (letters.Summed[Math.Min(i, letters.Summed.Length - 1)], letters.Made[Math.Min(i, letters.Made.Length - 1)]);
            links.Contract(new Contraction
            {
                Node = node,
                Data = new AxisRef(data, equation.AxisOf(1 - constant, summed)),
                Weight = new AxisRef(weight, equation.AxisOf(constant, summed)),
                WeightOutputAxis = equation.AxisOf(constant, made),
                Output = new AxisRef(node.Output, equation.ResultAxis(made)),
                IsAffine = shapes.Rank(weight) == 2 && equation.Result[^1] == made,
                Macs = i == 0 ? macs : 0,
            });
        }
    }

    private static void Reduce(Node node, EinsumEquation equation, string[] summed, int[] constant, ShapeTable shapes, AxisLinks links)
    {
        var input = constant.Length == 1 ? 1 - constant[0] : 0;
        int[] axes = [.. summed.Select(l => equation.AxisOf(input, l))];
        var data = node.Inputs[input]!;
        var kind = (node.Inputs.Count, constant.Length) switch { (1, _) => ReductionKind.Pooling, (_, 1) => ReductionKind.WeightedSum, _ => ReductionKind.Product };
        var macs = shapes.Count(node.Output) * axes.Aggregate(1L, (product, axis) => product * shapes.Size(data, axis));
        foreach (var (i, axis) in axes.Index())
        {
            links.Reduce(new ChannelReduction
            {
                Node = node,
                Kind = kind,
                Input = input,
                Data = new AxisRef(data, axis),
                Axes = axes,
                Fill = ReductionFill.Zero,
                Macs = i == 0 ? macs : 0,
                Text = $"Node {node} sums over the kept channels of '{summed[i]}' only.",
            });
        }
    }

    private static EinsumEquation Equation(Node node, ShapeTable shapes) =>
        EinsumEquation.Parse(node.Text("equation", ""), [.. node.Inputs.Select(v => shapes.Rank(v!))]);
}
