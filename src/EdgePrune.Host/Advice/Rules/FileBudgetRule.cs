using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The file is larger than the target's budget.</summary>
internal sealed class FileBudgetRule : IAdviceRule
{
    public string Name => "file-budget";

    public bool Applies(AdviceContext context) => Limit(context) < context.Figures.FileBytes;

    public Advice Make(AdviceContext context) => Rate(context) is { } plan
        ? new()
        {
            Text = $"To meet the target's file limit of {new ByteSize(Limit(context))}, {plan.Words}.",
            Reason = $"The file has {new ByteSize(context.Figures.FileBytes)}: {new ByteSize(context.Figures.WeightBytes)} of weights and {new ByteSize(context.Figures.GraphBytes)} of graph.",
            Effect = new Prediction($"file to {new ByteSize((long)plan.Bytes)}", null, "Bytes of the weights at the widths of that rate, the graph unchanged."),
            Command = context.Request.HasSamples ? $"edgeprune tune {context.Request.ModelFile}{context.DataOption} --target {context.Target.Name}" : null,
            Usefulness = 0.6,
        }
        : new()
        {
            Text = $"The target's file limit of {new ByteSize(Limit(context))} is out of reach by pruning and int8: choose a smaller architecture or a larger limit.",
            Reason = $"The file has {new ByteSize(context.Figures.FileBytes)}; even at rate {AdviceWords.Rate(Rates[^1])} in int8 it would have {new ByteSize((long)context.Projected(Rates[^1], Precision.Int8).FileBytes)}.",
            Usefulness = 0.6,
        };

    private static readonly double[] Rates = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    private static long Limit(AdviceContext context) => context.Target.Budget.FileSize switch
    {
        { Kind: LimitKind.Size } size => (long)size.Value,
        { Kind: LimitKind.Relative } share => (long)(share.Value * context.Figures.FileBytes),
        _ => long.MaxValue,
    };

    // The lowest rate in float, or in int8 where that needs less.
    private static (string Words, double Bytes)? Rate(AdviceContext context)
    {
        var precision = context.CanQuantize && context.Request.HasSamples ? Precision.Int8 : Precision.Float32;
        foreach (var rate in Rates.Where(r => r == 0 || context.CanPrune))
        {
            var bytes = context.Projected(rate, precision).FileBytes;
            if (bytes <= Limit(context))
            {
                var words = rate == 0 ? "quantize to int8" : $"prune at rate {AdviceWords.Rate(rate)}{(precision == Precision.Int8 ? " and quantize to int8" : "")}";
                return (words, bytes);
            }
        }

        return null;
    }
}
