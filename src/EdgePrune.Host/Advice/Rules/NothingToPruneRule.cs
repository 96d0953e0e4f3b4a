namespace EdgePrune.Host;

/// <summary>No channel can be removed.</summary>
internal sealed class NothingToPruneRule : IAdviceRule
{
    public string Name => "nothing-to-prune";

    public bool Applies(AdviceContext context) => context.Analysis.Groups.Count == 0 && !context.IsQuantized;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "No channel can be removed from this export. See what pins them, and what could be exported otherwise.",
        Reason = context.Figures.Pinned.Count == 0
            ? "The model has no weighted operator between its inputs and outputs whose channels another one reads."
            : $"Pinned: {string.Join(", ", context.Figures.Pinned.Select(p => $"{p.Kind} {AdviceWords.Percent(p.MacShare)} of the operations"))}.",
        Command = $"edgeprune inspect {context.Request.ModelFile}",
        Usefulness = 0.5,
    };
}
