using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Says why tensors of a group belong together: one sentence for each node or shared weight that ties several.</summary>
internal static class CouplingWords
{
    /// <summary>The reasons, in the model's order.</summary>
    public static List<string> Of(GroupFlow flow) =>
        [.. flow.Nodes.Select(n => Reason(flow, n)).OfType<string>(), .. SharedWeights(flow)];

    private static string? Reason(GroupFlow flow, Node node)
    {
        var inputs = flow.Inputs(node);
        if (flow.Group.Carriers.Any(c => c.Node == node))
        {
            return $"{Name(node)} is depthwise: it filters each channel for itself, so its inputs and outputs are the same channels.";
        }

        if (inputs.Count > 1 && flow.Group.Reductions.Any(r => r.Node == node && r.Kind == ReductionKind.Product))
        {
            return $"{Name(node)} multiplies {Names(inputs)} and sums over this axis, so the same indices go from both.";
        }

        if (inputs.Count == 0 || !flow.Holds(node.Output) || flow.Group.Consumers.Any(c => c.Node == node && c.Data.Value == inputs[0] && !flow.Holds(node.Output)))
        {
            return null;
        }

        return node.OperatorType switch
        {
            "Concat" => Concat(flow, node, inputs),
            "MatMul" when inputs.Count > 1 => $"{Name(node)} multiplies {Names(inputs)} head by head, so a head of the attention goes from all of them.",
            // What one layer makes and then combines with itself couples nothing, such as x * sigmoid(x).
            _ when inputs.Count > 1 => flow.Group.Producers.DistinctBy(p => p.Node).Count() > 1 ? Joined(flow, node, inputs) : null,
            _ => Renumbered(flow, node, inputs[0]),
        };
    }

    private static string Joined(GroupFlow flow, Node node, List<Value> inputs)
    {
        var gate = inputs.Find(i => node.OperatorType == "Mul" && flow.Analysis.Shapes.Find(i) is { } small && small.Count(d => d > 1) == 1
            && inputs.Exists(o => o != i && flow.Analysis.Shapes.Find(o)!.Count(d => d > 1) > 1));
        if (gate is not null)
        {
            return $"{Name(node)} is a gate: '{gate.Name}' holds one factor for each channel of {Names(inputs.Where(i => i != gate))}.";
        }

        return node.OperatorType == "Add"
            ? $"{Name(node)} is residual: it adds {Names(inputs)} channel by channel, so all must keep the same ones."
            : $"{Name(node)} combines {Names(inputs)} channel by channel, so all must keep the same ones.";
    }

    private static string? Concat(GroupFlow flow, Node node, List<Value> inputs)
    {
        var rank = flow.Analysis.Shapes.Rank(node.Output);
        var axis = (int)node.Int("axis", 1);
        var own = flow.AxesOf(node.Output).FirstOrDefault(a => a.Axis == (axis < 0 ? axis + rank : axis), (Axis: -1, Position: -1));
        if (own.Axis < 0)
        {
            return inputs.Count > 1 ? $"{Name(node)} joins {Names(inputs)} along another axis, so all must keep the same channels." : null;
        }

        var words = IndexWords.Describe(flow.Slices(own.Position), ("index", "indices"));
        return $"{Name(node)} lays {Names(inputs)} beside other channels: {words}, of {flow.Analysis.Shapes.Size(node.Output, own.Axis)} in '{node.Output.Name}'.";
    }

    // A node that spreads, gathers or reorders channels: the layers behind it own other indices than those before it.
    private static string? Renumbered(GroupFlow flow, Node node, Value input)
    {
        var outputs = node.Outputs.OfType<Value>().Where(flow.Holds).ToList();
        var (before, after) = (flow.AxesOf(input)[0], flow.AxesOf(outputs[0])[0]);
        var (from, to) = (flow.Slices(before.Position), flow.Slices(after.Position));
        if (from.Zip(to).All(p => p.First.SequenceEqual(p.Second)))
        {
            return null;
        }

        return $"{Name(node)} renumbers them: {IndexWords.Describe(to, ("index", "indices"))}, along axis {after.Axis} of '{outputs[0].Name}'.";
    }

    private static IEnumerable<string> SharedWeights(GroupFlow flow) =>
        from constant in flow.Constants.Select(c => c.Value).Distinct()
        let users = constant.Uses.Select(u => u.Node).Distinct().Where(n => flow.Nodes.Contains(n)).ToList()
        where users.Count > 1
        select $"The constant '{constant.Name}' is shared by {string.Join(" and ", users.Select(Name))}, which therefore lose the same channels.";

    private static string Name(Node node) => $"{node.OperatorType} '{node.Label}'";

    private static string Names(IEnumerable<Value> values) => string.Join(" and ", values.Select(v => $"'{v.Name}'"));
}
