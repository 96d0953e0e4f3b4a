using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Samples for recovery by training: most are learnt from, some are held out and decide whether what was learnt is kept.</summary>
/// <param name="Learn">What is learnt from.</param>
/// <param name="HeldOut">The others, or null where there are too few.</param>
internal sealed record LearntSamples(SampleReference Learn, ISampleSource? HeldOut)
{
    private const int MaxHeldOut = 1024;

    /// <summary>Holds out an eighth, at most 1024, drawn by a seed.</summary>
    /// <param name="all">All samples.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="needsLabels">Whether labels are learnt from.</param>
    /// <exception cref="InputException">The samples cannot be opened, or labels are needed and there are none.</exception>
    public static LearntSamples Split(SampleReference all, int seed, bool needsLabels)
    {
        var opened = all.Open();
        if (needsLabels && opened.Labels is null)
        {
            throw new InputException(ErrorCode.LabelMismatch, $"Learning by labels needs some, and '{all.Data}' has none. Give them with --labels, or do without: --recover distill learns from the original, and the criterion fisher looks at the model's own answers.");
        }

        var heldOut = Math.Min(MaxHeldOut, opened.Count / 8);
        var learnt = opened.Count - heldOut;
        return heldOut == 0
            ? new LearntSamples(all, null)
            : new LearntSamples(all with { Count = learnt, Seed = seed }, SampleSubset.Range(SampleSubset.Random(opened, opened.Count, seed), learnt, heldOut));
    }
}
