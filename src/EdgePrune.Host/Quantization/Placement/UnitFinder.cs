using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Finds the nodes of a graph that can run in integers, and says of the others why they cannot.</summary>
internal sealed class UnitFinder
{
    private const double LargestProduct = 1e36;

    private readonly CalibrationStatistics _statistics;
    private readonly IReadOnlyDictionary<string, string> _keepFloat;
    private readonly ShapeTable _shapes;
    private readonly HashSet<Node> _merged = [];
    private readonly List<QuantizationUnit> _units = [];
    private readonly Dictionary<Node, string> _refusals = [];

    private UnitFinder(Graph graph, CalibrationStatistics statistics, IReadOnlyDictionary<string, string> keepFloat)
    {
        _statistics = statistics;
        _keepFloat = keepFloat;
        _shapes = statistics.Shapes(graph);
    }

    /// <summary>How static int8 quantization treats a node.</summary>
    public static QuantizationRule RuleOf(Node node) => OperatorRegistry.Find(node)?.QuantizationOf(node) ?? QuantizationRule.Float;

    /// <summary>The activation that merges into a node when the node is quantized, or null: what lies between them is never converted.</summary>
    public static Node? ActivationBehind(Node core, IReadOnlyDictionary<string, string> keepFloat) =>
        RuleOf(core) is not (QuantizationRule.Float or QuantizationRule.Movement or QuantizationRule.FusedActivation)
        && core.Output is { IsGraphOutput: false, Uses: [{ Index: 0 } use] }
        && RuleOf(use.Node) == QuantizationRule.FusedActivation
        && Refuse(use.Node, keepFloat) is null ? use.Node : null;

    /// <summary>Finds the units of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="statistics">What the samples showed.</param>
    /// <param name="keepFloat">Nodes that stay in float, by label or name of the first output, and why.</param>
    /// <returns>The units in the graph's order, and the reason for each node that could be quantized but is not.</returns>
    public static (List<QuantizationUnit> Units, Dictionary<Node, string> Refusals) Find(Graph graph, CalibrationStatistics statistics, IReadOnlyDictionary<string, string> keepFloat)
    {
        var finder = new UnitFinder(graph, statistics, keepFloat);
        foreach (var node in graph.Nodes)
        {
            finder.Visit(node);
        }

        return (finder._units, finder._refusals);
    }

    private void Visit(Node node)
    {
        var rule = RuleOf(node);
        if (rule == QuantizationRule.Float || _merged.Contains(node))
        {
            return;
        }

        if (rule == QuantizationRule.FusedActivation)
        {
            _refusals[node] = $"{node.OperatorType} runs in integers only right behind a quantized operator that nothing else reads.";
        }
        else if (!RuntimeFusions.Merges(node))
        {
            _refusals[node] = $"ONNX Runtime {RuntimeFusions.Table.Runtime} merges no integer kernel for {node.OperatorType}.";
        }
        else if (Refuse(node, _keepFloat) is { } reason)
        {
            _refusals[node] = reason;
        }
        else if (rule == QuantizationRule.Weighted)
        {
            AddWeighted(node);
        }
        else
        {
            AddUnweighted(node, rule);
        }
    }

    /// <summary>Reasons that hold for every rule.</summary>
    private static string? Refuse(Node node, IReadOnlyDictionary<string, string> keepFloat)
    {
        if (keepFloat.TryGetValue(node.Output.Name, out var reason) || keepFloat.TryGetValue(node.Label, out reason))
        {
            return reason;
        }

        if (node.Outputs.FirstOrDefault(o => o is not null && o.Uses.Any(u => u.Index < 0)) is { } captured)
        {
            return $"A subgraph reads its output '{captured.Name}'.";
        }

        var extraIsRead = node.Outputs.Skip(1).Any(o => o is { IsUsed: true });
        return extraIsRead && (RuleOf(node) != QuantizationRule.Movement || node.OperatorType == "MaxPool")
            ? "More than its first output is read."
            : null;
    }

    private void AddWeighted(Node node)
    {
        if (node.Input(1) is not { Constant: { } weight })
        {
            _refusals[node] = "Its weight is computed, not constant.";
            return;
        }

        if (weight.ElementType != ElementType.Float32 || weight.Count == 0 || !IsFinite(weight))
        {
            _refusals[node] = weight.ElementType != ElementType.Float32
                ? $"Its weight is {weight.ElementType}; only 32-bit floats are quantized."
                : "Its weight is empty or holds values that are not finite numbers.";
            return;
        }

        if (FindSlots(node) is not { } slots)
        {
            _refusals[node] = "The channels of its weight are not known.";
            return;
        }

        var refusal = RefuseBias(node, slots) ?? RefuseValue(node.Input(slots.Data)) ?? RefuseValue(node.Output) ?? RefuseProduct(node, slots);
        if (refusal is not null)
        {
            _refusals[node] = refusal;
            return;
        }

        Add(new QuantizationUnit(node, QuantizationRule.Weighted) { DataInputs = [slots.Data], Weight = slots });
    }

    private void AddUnweighted(Node node, QuantizationRule rule)
    {
        // Movements have one tensor to move; their other inputs are shapes, indices or scales.
        var slots = Enumerable.Range(0, rule == QuantizationRule.Movement ? 1 : node.Inputs.Count).Where(i => node.Input(i) is not null).ToList();
        var (constant, data) = (slots.Where(i => node.Input(i)!.Constant is not null).ToList(), slots.Where(i => node.Input(i)!.Constant is null).ToList());
        if (data.Count == 0)
        {
            _refusals[node] = "It has no computed input.";
            return;
        }

        var refusal = data.Select(i => RefuseValue(node.Input(i))).Concat(node.Outputs.Where(o => o is { IsUsed: true }).Select(RefuseValue))
            .Append(constant.Any(i => node.Input(i)!.Constant is not { ElementType: ElementType.Float32 } c || !IsFinite(c)) ? "A constant input holds no finite 32-bit floats." : null)
            .FirstOrDefault(r => r is not null);
        if (refusal is not null)
        {
            _refusals[node] = refusal;
            return;
        }

        Add(new QuantizationUnit(node, rule) { DataInputs = data, ConstantInputs = constant });
    }

    private void Add(QuantizationUnit unit)
    {
        var activation = ActivationBehind(unit.Core, _keepFloat) is { } found && RefuseValue(found.Output) is null ? found : null;
        if (activation is not null)
        {
            _merged.Add(activation);
        }

        _units.Add(unit with { Activation = activation });
    }

    private WeightSlots? FindSlots(Node node)
    {
        if (!_shapes.Covers(node) || (node.OperatorType == "MatMul" && node.Input(1)!.Constant!.Rank != 2))
        {
            return null;
        }

        var links = new AxisLinks();
        OperatorRegistry.Find(node)!.Link(node, _shapes, links);
        var weight = node.Input(1)!;
        if (links.Contractions.FirstOrDefault(c => c.Node == node && c.Weight.Value == weight) is { } contraction)
        {
            return new WeightSlots(0, 1, contraction.WeightOutputAxis, contraction.BiasInput >= 0 && node.Input(contraction.BiasInput) is not null ? contraction.BiasInput : -1);
        }

        // A depthwise convolution contracts nothing, but still ties its weight's channels to its output's.
        return links.Ties.FirstOrDefault(t => t.A.Value == weight && t.B.Value == node.Output) is { } tie
            ? new WeightSlots(0, 1, tie.A.Axis, node.Input(2) is null ? -1 : 2)
            : null;
    }

    private static string? RefuseBias(Node node, WeightSlots slots)
    {
        if (slots.Bias < 0)
        {
            return null;
        }

        if (node.Input(slots.Bias) is not { Constant: { ElementType: ElementType.Float32 } bias } || !IsFinite(bias))
        {
            return "Its bias is no constant of finite 32-bit floats.";
        }

        var channels = node.Input(slots.Weight)!.Constant!.Dims[slots.OutputAxis];
        return bias.Count == 1 || (bias.Count == channels && bias.Dims[^1] == channels)
            ? null
            : "Its bias differs along another axis than the output's channels.";
    }

    private string? RefuseValue(Value? value) => _statistics.Find(value) switch
    {
        null => $"The samples do not show '{value?.Name}'.",
        { Type: not ElementType.Float32 } other => $"'{value!.Name}' is {other.Type}; only 32-bit floats are quantized.",
        { IsFinite: false } => $"On some sample '{value!.Name}' holds values that are not finite numbers.",
        _ => null,
    };

    // The bias has the product of both scales; it must stay a finite float.
    private string? RefuseProduct(Node node, WeightSlots slots)
    {
        var range = _statistics.Find(node.Input(slots.Data))!.Seen;
        var data = Math.Max(Math.Abs((double)range.Low), Math.Abs((double)range.High));
        var weight = (double)TensorPrimitives.MaxMagnitude(node.Input(slots.Weight)!.Constant!.Span<float>());
        return Math.Abs(data * weight) < LargestProduct ? null : "Its weights and values are too large for int8 scales.";
    }

    private static bool IsFinite(Tensor tensor)
    {
        foreach (var value in tensor.Span<float>())
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
