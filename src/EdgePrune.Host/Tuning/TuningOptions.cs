using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>How the tuning loop searches.</summary>
public sealed record TuningOptions
{
    /// <summary>The budget; relative limits are resolved against the original measured on the same device. <value>Default: none binds but one point of accuracy.</value></summary>
    public Budget Budget { get; init; } = new();

    /// <summary>What is done at every rate: criterion, scope, recovery, quantization, seed. Its rate and precision are set by the loop.</summary>
    public CompressionOptions Compression { get; init; } = new();

    /// <summary>Choices where a removal is well defined in more than one way. <value>Default: those of <see cref="GroupingOptions"/>.</value></summary>
    public GroupingOptions Grouping { get; init; } = new();

    /// <summary>Precisions tried at each rate, or none for those that suit the model and the target, see <see cref="PrecisionTable.Suiting"/>. <value>Default: none.</value></summary>
    public IReadOnlyList<Precision> Precisions { get; init; } = [];

    /// <summary>Most runs on the device, the original's included. <value>Default: 10. Range: 2 to 100.</value></summary>
    public int MaxDeviceRuns { get; init; } = 10;

    /// <summary>Highest rate that is tried. <value>Default: 0.9. Range: above 0, below 1.</value></summary>
    public double MaxRate { get; init; } = 0.9;

    /// <summary>How the device measures.</summary>
    public ProfileSettings Profile { get; init; } = new();

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [.. Budget.Validate(), .. Compression.Validate(), .. Profile.Validate()];
        if (MaxDeviceRuns is < 2 or > 100)
        {
            faults.Add($"maxDeviceRuns is {MaxDeviceRuns}; it must be between 2 and 100.");
        }

        if (MaxRate is not (> 0 and < 1))
        {
            faults.Add($"maxRate is {MaxRate}; it must be above 0 and below 1.");
        }

        if (Compression.Allocation == RateAllocation.Trial)
        {
            faults.Add("allocation is trial; tuning makes a plan for each of many rates, and trials of each take too long. Choose sensitivity.");
        }

        if (Compression.MaxLoss is not null)
        {
            faults.Add("maxLoss is given; the search has the budget's loss for that.");
        }

        if (!Precisions.All(Enum.IsDefined))
        {
            faults.Add($"precisions names one that is unknown; choose of {string.Join(", ", PrecisionTable.Names)}.");
        }

        return faults;
    }
}
