namespace EdgePrune.Host;

/// <summary>Random changes of samples that leave their class as it is. All are off by default; each is drawn anew for every sample and epoch.</summary>
public sealed record Augmentation
{
    /// <summary>Most cells by which a sample is shifted along each axis of space (the last two of a sample with three axes, the last of two); what moves in is 0. <value>Default: 0. Range: 0 to 64.</value></summary>
    public int Shift { get; set; }

    /// <summary>Whether half of the samples are mirrored along their last axis. <value>Default: false.</value></summary>
    public bool Flip { get; set; }

    /// <summary>Standard deviation of the noise added to each number, as a share of the sample's own. <value>Default: 0. Range: 0 to 1.</value></summary>
    public double Noise { get; set; }

    /// <summary>Whether anything is changed.</summary>
    internal bool IsOn => Shift > 0 || Flip || Noise > 0;

    /// <summary>All faults; empty when the options are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Shift is < 0 or > 64)
        {
            faults.Add($"augmentation.shift is {Shift}; it must be 0 to 64.");
        }

        if (Noise is not (>= 0 and <= 1))
        {
            faults.Add($"augmentation.noise is {Noise}; it must be 0 to 1.");
        }

        return faults;
    }
}
