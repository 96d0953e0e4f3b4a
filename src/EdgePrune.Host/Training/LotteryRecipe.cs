namespace EdgePrune.Host;

/// <summary>
/// How a lottery ticket is looked for: train, zero the smallest weights, set the others back to what they were at the start
/// or early in training, and again (Frankle and Carbin, 2019; rewinding: Frankle et al., 2020).
/// </summary>
public sealed record LotteryRecipe
{
    /// <summary>Epochs of each round, learning rate and the like. First weights are new, drawn by its seed.</summary>
    public TrainingOptions Training { get; set; } = new();

    /// <summary>Rounds of pruning. <value>Default: 5. Range: 1 to 50.</value></summary>
    public int Rounds { get; set; } = 5;

    /// <summary>Share of the weights left that is zeroed in each round. <value>Default: 0.5. Range: above 0, below 1.</value></summary>
    public double RoundRate { get; set; } = 0.5;

    /// <summary>Steps of training after which weights are remembered to go back to. <value>Default: 0, the first weights.</value></summary>
    public int RewindStep { get; set; }

    /// <summary>All faults; empty when the recipe is sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [.. Training.Validate()];
        if (Rounds is not (>= 1 and <= 50))
        {
            faults.Add($"rounds is {Rounds}; it must be 1 to 50.");
        }

        if (RoundRate is not (> 0 and < 1))
        {
            faults.Add($"roundRate is {RoundRate}; it must be above 0 and below 1.");
        }

        if (RewindStep < 0)
        {
            faults.Add($"rewindStep is {RewindStep}; it must be 0 or above.");
        }

        return faults;
    }
}
