namespace EdgePrune.Contracts;

/// <summary>
/// What a model may cost on a device. Each limit is absolute or relative to the original model measured on the same
/// device; a missing limit does not bind. A limit is met when the upper confidence bound of the measurement is within it.
/// </summary>
public sealed record Budget
{
    /// <summary>Limit of the 95th percentile of warm latency. <value>Default: none.</value></summary>
    public Limit? LatencyP95 { get; init; }

    /// <summary>Limit of the measuring process's peak resident memory (anonymous and file pages). <value>Default: none.</value></summary>
    public Limit? PeakMemory { get; init; }

    /// <summary>Limit of the model file's size. <value>Default: none.</value></summary>
    public Limit? FileSize { get; init; }

    /// <summary>Limit of the net energy of one inference. <value>Default: none.</value></summary>
    public Limit? EnergyPerInference { get; init; }

    /// <summary>Points (percent) of accuracy that may be lost against the original. <value>Default: 1. Range: 0 to 100.</value></summary>
    public double MaxAccuracyLoss { get; set; } = 1;

    /// <summary>All faults of the budget, each with what to do; empty when it is sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Check(faults, "latencyP95", LatencyP95, LimitKind.Duration, "'50 ms' or '60 %'");
        Check(faults, "peakMemory", PeakMemory, LimitKind.Size, "'64 MiB' or '100 %'");
        Check(faults, "fileSize", FileSize, LimitKind.Size, "'500 kB' or '10 %'");
        Check(faults, "energyPerInference", EnergyPerInference, LimitKind.Energy, "'2 mJ' or '50 %'");
        if (MaxAccuracyLoss is not (>= 0 and <= 100))
        {
            faults.Add($"maxAccuracyLoss is {MaxAccuracyLoss} points; it must be between 0 and 100.");
        }

        return faults;
    }

    /// <summary>This budget with the limits that <paramref name="other"/> states put over it.</summary>
    /// <param name="other">The budget whose stated limits win.</param>
    /// <returns>The combined budget.</returns>
    public Budget With(Budget other) => this with
    {
        LatencyP95 = other.LatencyP95 ?? LatencyP95,
        PeakMemory = other.PeakMemory ?? PeakMemory,
        FileSize = other.FileSize ?? FileSize,
        EnergyPerInference = other.EnergyPerInference ?? EnergyPerInference,
        MaxAccuracyLoss = other.MaxAccuracyLoss,
    };

    private static void Check(List<string> faults, string name, Limit? limit, LimitKind kind, string example)
    {
        if (limit is not null && limit.Kind != kind && limit.Kind != LimitKind.Relative)
        {
            faults.Add($"{name} is '{limit}', which is no {kind.ToString().ToLowerInvariant()}; write {example}.");
        }
        else if (limit is not null && !(limit.Value > 0))
        {
            faults.Add($"{name} is '{limit}', which no model can meet; write {example}.");
        }
    }
}
