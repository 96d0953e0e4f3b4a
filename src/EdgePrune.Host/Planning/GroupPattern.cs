using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What a group looks like, whatever its width: which operators make, carry and read its channels, with which kernels, and
/// what else stands between. Groups of one pattern are isomorphic, and their scores can be compared.
/// </summary>
/// <remarks>Fang et al., Isomorphic Pruning for Vision Models, ECCV 2024.</remarks>
internal static class GroupPattern
{
    public static string Of(PruningGroup group)
    {
        var nodes = group.Axes.Where(a => a.Value.Constant is null).SelectMany(a => a.Value.Uses.Select(u => u.Node)).Distinct();
        string[] parts =
        [
            $"blocks {group.Blocks}",
            $"made by {Counts(group.Producers.Select(Operator))}",
            $"carried by {Counts(group.Carriers.Select(c => Operator(c.Node, c.Weight.Value, [c.Weight.Axis])))}",
            $"read by {Counts(group.Consumers.Select(Operator))}",
            $"through {Counts(nodes.Select(n => n.OperatorType))}",
        ];
        return string.Join("; ", parts);
    }

    private static string Operator(Contraction contraction) =>
        Operator(contraction.Node, contraction.Weight.Value, [contraction.Weight.Axis, contraction.WeightOutputAxis]);

    private static string Operator(Node node, Value weight, int[] channelAxes)
    {
        var kernel = weight.Constant!.Dims.ToArray().Where((_, axis) => !channelAxes.Contains(axis));
        return $"{node.OperatorType} {string.Join('x', kernel)}".TrimEnd();
    }

    private static string Counts(IEnumerable<string> names) =>
        string.Join(", ", names.CountBy(n => n).OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Value} {n.Key}"));
}
