using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Size and memory are within the target's limits as they are.</summary>
internal sealed class FitsAlreadyRule : IAdviceRule
{
    public string Name => "fits-already";

    public bool Applies(AdviceContext context) => context.Target.Budget is { FileSize: { Kind: LimitKind.Size } file, PeakMemory: { Kind: LimitKind.Size } memory }
        && context.Figures.FileBytes <= file.Value && context.Now.MemoryBytes <= memory.Value;

    public Advice Make(AdviceContext context) => new()
    {
        Text = $"File and memory are within {context.Target.Title}'s limits already: measure the latency first, and compress only what it asks for.",
        Reason = $"The file has {new ByteSize(context.Figures.FileBytes)} of {context.Target.Budget.FileSize}, weights and activations together {new ByteSize((long)context.Now.MemoryBytes)} of {context.Target.Budget.PeakMemory}, without the runtime itself.",
        Command = $"edgeprune profile {context.Request.ModelFile} --threads {context.Target.Threads}",
        Usefulness = context.Need is AdviceNeed.Memory or AdviceNeed.Transfer ? 0.25 : 0.1,
    };
}
