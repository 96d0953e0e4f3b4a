namespace EdgePrune.Onnx;

/// <summary>
/// Recurrent layers, in one direction or both. The input's channels are summed over by W, the hidden units by R; a unit goes
/// with its row in the block of every gate, in both directions.
/// </summary>
/// <remarks>
/// Worked example: an LSTM of 4 units has W [1, 16, I], R [1, 16, 4], B [1, 32] and P [1, 12]. Unit 1 is rows 1, 5, 9 and 13
/// of W and R, column 1 of R, entries 1, 5 up to 29 of B, entries 1, 5 and 9 of P, and index 1 of every state.
/// </remarks>
internal sealed class RecurrentDefinition : OperatorDefinition
{
    private const int Bias = 3;
    private const int Lengths = 4;
    private const int Peepholes = 7;

    public override IReadOnlyList<string> Types => ["LSTM", "GRU", "RNN"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { Length: 3 } data || shapes.Find(node.Input(2)) is not { Length: 3 } recurrence)
        {
            return null;
        }

        var (directions, units) = (recurrence[0], recurrence[2]);
        var (length, batch) = IsBatchFirst(node) ? (data[1], data[0]) : (data[0], data[1]);
        long[] state = IsBatchFirst(node) ? [batch, directions, units] : [directions, batch, units];
        long[] all = IsBatchFirst(node) ? [batch, length, directions, units] : [length, directions, batch, units];
        return [.. node.Outputs.Select((_, i) => i == 0 ? all : state)];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (node.Input(1)?.Constant is null || node.Input(2)?.Constant is null)
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.NotCovered, $"Node {node} computes its weights; only constant weights are pruned."));
            return;
        }

        LinkUnits(node, shapes, links);
        LinkBatch(node, links);
        Contract(node, shapes, links);
        PinOthers(node, links);
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var recurrence = node.Input(2)!;
        if (change.OldShape(recurrence) is { Length: 3 } && change.Shrank(recurrence, 2))
        {
            change.SetAttribute(node, "hidden_size", new AttributeValue.Int(change.Kept(recurrence, 2).Count));
        }
    }

    // The last axis of R is the one that every unit has once.
    private static void LinkUnits(Node node, ShapeTable shapes, AxisLinks links)
    {
        var recurrence = node.Input(2)!;
        TieUnits(node.Input(1), 1);
        TieUnits(recurrence, 1);
        TieUnits(node.Input(Bias), 1);
        TieUnits(node.Input(Peepholes), 1);
        foreach (var state in node.Inputs.Skip(Lengths + 1).Take(2).Concat(node.Outputs).OfType<Value>())
        {
            TieUnits(state, shapes.Rank(state) - 1);
        }

        void TieUnits(Value? value, int axis)
        {
            if (value is not null)
            {
                links.Tie(recurrence, 2, value, axis, new IndexMap.Block(shapes.Size(value, axis) / shapes.Size(recurrence, 2), 1));
            }
        }
    }

    private static void LinkBatch(Node node, AxisLinks links)
    {
        var axis = IsBatchFirst(node) ? 0 : 1;
        foreach (var state in States(node))
        {
            links.Tie(node.Input(0)!, axis, state, axis);
        }

        if (node.Outputs[0] is { } all)
        {
            links.Tie(node.Input(0)!, axis, all, IsBatchFirst(node) ? 0 : 2);
        }

        if (node.Input(Lengths) is { } lengths)
        {
            links.Tie(node.Input(0)!, axis, lengths, 0);
        }
    }

    private static void Contract(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight, recurrence) = (node.Input(0)!, node.Input(1)!, node.Input(2)!);
        var steps = shapes.Size(data, 0) * (long)shapes.Size(data, 1);
        links.Contract(new Contraction
        {
            Node = node,
            Data = new AxisRef(data, 2),
            Weight = new AxisRef(weight, 2),
            WeightOutputAxis = 1,
            Output = new AxisRef(weight, 1),
            IsAffine = false,
            Macs = steps * shapes.Count(weight),
        });
        var state = node.Outputs.OfType<Value>().First();
        links.Contract(new Contraction
        {
            Node = node,
            Data = new AxisRef(state, shapes.Rank(state) - 1),
            Weight = new AxisRef(recurrence, 2),
            WeightOutputAxis = 1,
            Output = new AxisRef(recurrence, 1),
            IsRecurrent = true,
            IsAffine = false,
            Macs = steps * shapes.Count(recurrence),
        });
    }

    private static void PinOthers(Node node, AxisLinks links)
    {
        var time = IsBatchFirst(node) ? 1 : 0;
        var steps = new PinReason(PinKind.MixesAxis, $"Node {node} goes through the steps of axis {time} one after the other.");
        var directions = new PinReason(PinKind.NotCovered, $"Node {node} keeps its directions.");
        links.Pin(node.Input(0)!, time, steps);
        foreach (var parameter in new[] { 1, 2, Bias, Peepholes }.Select(node.Input).OfType<Value>())
        {
            links.Pin(parameter, 0, directions);
        }

        foreach (var state in States(node))
        {
            links.Pin(state, IsBatchFirst(node) ? 1 : 0, directions);
        }

        if (node.Outputs[0] is { } all)
        {
            links.Pin(all, time, steps);
            links.Pin(all, IsBatchFirst(node) ? 2 : 1, directions);
        }
    }

    // The states before the first and behind the last step: [directions, batch, units], or [batch, directions, units].
    private static IEnumerable<Value> States(Node node) =>
        node.Inputs.Skip(Lengths + 1).Take(2).Concat(node.Outputs.Skip(1)).OfType<Value>();

    private static bool IsBatchFirst(Node node) => node.Int("layout", 0) != 0;
}
