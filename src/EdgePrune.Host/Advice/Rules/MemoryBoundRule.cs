using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Time goes into moving bytes.</summary>
internal sealed class MemoryBoundRule : IAdviceRule
{
    public string Name => "memory-bound";

    public bool Applies(AdviceContext context) => context.Need is AdviceNeed.Latency or AdviceNeed.Energy && context.Figures.MemoryBoundShare >= 0.5;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Go for bytes before operations: int8, and the groups with the most parameters.",
        Reason = $"On {context.Target.Title} {AdviceWords.Percent(context.Figures.MemoryBoundShare!.Value)} of the least time is in operators that move bytes for longer than they compute, the longest of them {Longest(context)}.",
        Effect = new Prediction($"at least {Microseconds(context)} for the whole model as it is", null, $"The longer of computing ({Roofline.OperationsPerCycle} float operations a cycle and core, assumed) and moving bytes (twice the copy bandwidth), summed over weighted operators."),
        Usefulness = 0.3,
    };

    private static string Longest(AdviceContext context)
    {
        var layer = context.Figures.Layers.Where(l => l.Bound == LayerBound.Memory).MaxBy(l => l.Bytes)!;
        return $"{layer.Type} '{layer.Name}' with {new ByteSize(layer.Bytes)}";
    }

    private static string Microseconds(AdviceContext context) => $"{AdviceWords.Count(Math.Max(1, context.Figures.LeastSeconds!.Value * 1e6))} microseconds";
}
