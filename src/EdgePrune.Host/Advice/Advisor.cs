namespace EdgePrune.Host;

/// <summary>Says which method fits a model, a target and a need, from the model's own figures.</summary>
/// <remarks>A piece of advice is one class that implements <c>IAdviceRule</c> and one line in <c>AdviceRules</c>.</remarks>
public static class Advisor
{
    /// <summary>Gives advice.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="request">Target, need and what samples there are.</param>
    /// <returns>The advice, the most useful first.</returns>
    public static AdviceReport Advise(ModelAnalysis analysis, AdviceRequest request)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(request);
        var context = new AdviceContext(analysis, request);
        return new AdviceReport
        {
            Model = analysis.Model.Name,
            Target = request.Target.Name,
            Need = request.Need,
            Figures = context.Figures,
            Probe = request.Probe,
            Advice =
            [
                .. AdviceRules.All.Where(r => r.Applies(context))
                    .Select(r => r.Make(context) with { Rule = r.Name })
                    .OrderByDescending(a => a.Usefulness),
            ],
        };
    }
}
