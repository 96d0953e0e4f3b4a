using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Attention: whole heads or dimensions of every head.</summary>
internal sealed class AttentionAdviceRule : IAdviceRule
{
    public string Name => "attention";

    public bool Applies(AdviceContext context) => Products(context).Any();

    public Advice Make(AdviceContext context) => new()
    {
        Text = "An attention loses whole heads, or the same dimensions of every head. Start with heads; take '--attention dimensions' when heads are few or all of them matter.",
        Reason = $"{Products(context).Count()} products of two computed tensors{Heads(context)}. Whole heads leave the scale of the scores as it was trained; fewer dimensions make each product cheaper but change what the scores add up.",
        Effect = Compare(context),
        Command = $"edgeprune inspect {context.Request.ModelFile} --attention dimensions",
        Usefulness = 0.15,
    };

    private static IEnumerable<Node> Products(AdviceContext context) =>
        context.Analysis.Model.Graph.Nodes.Where(n => n.OperatorType == "MatMul" && n.Inputs.All(i => i is { Constant: null }));

    private static string Heads(AdviceContext context)
    {
        var products = Products(context).SelectMany(n => n.Inputs).OfType<Value>().ToHashSet();
        int[] counts = [.. context.Analysis.Groups.Where(g => g.Axes.Any(a => products.Contains(a.Value))).Select(g => g.Channels.Count).Distinct().Order()];
        return counts.Length == 0 ? "" : $", over groups of {string.Join(", ", counts)} channels";
    }

    private static Prediction Compare(AdviceContext context)
    {
        var shares = new[] { AttentionRule.Heads, AttentionRule.HeadDimensions }
            .Select(r => ModelFigures.Of(ModelAnalysis.Of(context.Analysis.Model, new GroupingOptions { Attention = r }), context.Target, context.Request.FileBytes).PrunableMacShare)
            .ToList();
        return new Prediction($"{AdviceWords.Percent(shares[0])} of the operations can go by heads, {AdviceWords.Percent(shares[1])} by dimensions", null, "Groups of both readings, counted; products of computed tensors are not among the operations.");
    }
}
