using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Which samples are learnt from and which tell the score.</summary>
/// <param name="Learnt">Numbers of the samples to learn from, in the source's order.</param>
/// <param name="HeldOut">Samples for the score, or null when there are none.</param>
internal sealed record SampleShares(int[] Learnt, ISampleSource? HeldOut)
{
    /// <exception cref="InputException"><see cref="ErrorCode.NoSamples"/>: none is left to learn from.</exception>
    public static SampleShares Of(TrainingTask task)
    {
        var all = Enumerable.Range(0, task.Samples.Count).ToArray();
        if (all.Length == 0)
        {
            throw new InputException(ErrorCode.NoSamples, "There is no sample to learn from. Give a file or folder that holds at least one.");
        }

        if (task.Validation is not null || task.Options.ValidationShare == 0)
        {
            return new SampleShares(all, task.Validation);
        }

        var count = Math.Max(1, (int)Math.Round(task.Options.ValidationShare * all.Length));
        if (count == all.Length)
        {
            throw new InputException(ErrorCode.NoSamples, "There is one sample only, so that none can be held out for validation. Give more samples or a validationShare of 0.");
        }

        // Draw 0 of the seed is this one; the epochs' orders are draws from 1 on.
        new Random(HashSeed.Of(task.Options.Seed, 0)).Shuffle(all);
        return new SampleShares([.. all[count..].Order()], new SampleSubset(task.Samples, [.. all[..count].Order()]));
    }
}
