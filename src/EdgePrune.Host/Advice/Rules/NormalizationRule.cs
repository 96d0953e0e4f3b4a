using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Normalizations over channels: adapted or kept.</summary>
internal sealed class NormalizationRule : IAdviceRule
{
    public string Name => "norms";

    public bool Applies(AdviceContext context) => Runs(context).Any();

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Normalizations run over channels that could go. Let them adapt, and compare with '--norms keep' if the loss is large.",
        Reason = $"{Runs(context).Count()} operators normalize over channels of a group. Over fewer channels they have other statistics, which the proof accounts for but accuracy may feel. Kept as they are, their channels are pinned.",
        Effect = Compare(context),
        Command = $"edgeprune inspect {context.Request.ModelFile} --norms keep",
        Usefulness = 0.15,
    };

    private static IEnumerable<Node> Runs(AdviceContext context) =>
        context.Analysis.Groups.SelectMany(g => g.Reductions).Where(r => r.Kind == ReductionKind.Normalization).Select(r => r.Node).Distinct();

    private static Prediction Compare(AdviceContext context)
    {
        var kept = ModelAnalysis.Of(context.Analysis.Model, new GroupingOptions { Reductions = ReductionRule.Keep });
        var share = ModelFigures.Of(kept, context.Target, context.Request.FileBytes).PrunableMacShare;
        return new Prediction($"{AdviceWords.Percent(context.Figures.PrunableMacShare)} of the operations can go when they adapt, {AdviceWords.Percent(share)} when they are kept", null, "Groups of both readings, counted.");
    }
}
