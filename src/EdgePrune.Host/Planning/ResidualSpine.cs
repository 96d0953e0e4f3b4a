using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Tells groups whose channels several operators make and an addition brings together: the spines of residual networks.</summary>
internal static class ResidualSpine
{
    private static readonly string[] Additions = ["Add", "Sum"];

    public static bool Is(PruningGroup group)
    {
        var values = group.Axes.Select(a => a.Value).Where(v => v.Constant is null).ToHashSet();
        return group.Producers.Select(p => p.Node).Distinct().Skip(1).Any()
            && values.SelectMany(v => v.Uses).Select(u => u.Node).Any(n => Additions.Contains(n.OperatorType) && n.Inputs.OfType<Value>().Where(values.Contains).Distinct().Skip(1).Any());
    }
}
