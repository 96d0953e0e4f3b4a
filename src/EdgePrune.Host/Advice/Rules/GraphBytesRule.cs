using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Much of the file is no weights.</summary>
internal sealed class GraphBytesRule : IAdviceRule
{
    public string Name => "graph-bytes";

    public bool Applies(AdviceContext context) => context.Need == AdviceNeed.Transfer && context.Figures.GraphBytes > context.Figures.FileBytes / 5;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Export without metadata, doc strings and debug names: a good part of the file is no weights.",
        Reason = $"{new ByteSize(context.Figures.GraphBytes)} of {new ByteSize(context.Figures.FileBytes)} are nodes, names and metadata, which pruning leaves as they are.",
        Effect = new Prediction($"at most {AdviceWords.Percent((double)context.Figures.GraphBytes / context.Figures.FileBytes)} of the file", null, "Bytes of the file less those of its constants."),
        Usefulness = 0.5 * context.Figures.GraphBytes / context.Figures.FileBytes,
    };
}
