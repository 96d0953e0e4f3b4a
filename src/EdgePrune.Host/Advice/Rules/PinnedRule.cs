using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A part that counts is pinned for a reason the author could change.</summary>
internal sealed class PinnedRule : IAdviceRule
{
    public string Name => "pinned";

    public bool Applies(AdviceContext context) => Share(context) >= 0.05;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Export the model so that fewer channels are pinned, then prune again.",
        Reason = $"{string.Join(", ", Changeable(context).Select(p => $"{p.Kind}: {AdviceWords.Percent(p.MacShare)}"))} of the operations stay for reasons an export can change. 'inspect' names the operators and what to do.",
        Effect = new Prediction($"up to {AdviceWords.Percent(Share(context))} of the operations could become prunable", null, "Operations of the operators whose outputs are pinned so."),
        Command = $"edgeprune inspect {context.Request.ModelFile}",
        Usefulness = Share(context) * 0.5,
    };

    private static IEnumerable<PinnedShare> Changeable(AdviceContext context) =>
        context.Figures.Pinned.Where(p => p.MacShare > 0 && p.Kind is not (PinKind.GraphInput or PinKind.GraphOutput or PinKind.SpatialAxis));

    private static double Share(AdviceContext context) => Changeable(context).Sum(p => p.MacShare);
}
