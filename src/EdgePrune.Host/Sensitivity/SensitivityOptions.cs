namespace EdgePrune.Host;

/// <summary>How sensitivity is measured.</summary>
public sealed record SensitivityOptions
{
    /// <summary>Shares of a group's channels that are tried. <value>Default: 0.1 to 0.9 in steps of 0.1. Range: above 0, below 1, ascending.</value></summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>Samples each point rests on; all of the calibration samples when there are fewer. <value>Default: 256. Range: at least 1.</value></summary>
    public int Samples { get; init; } = 256;

    /// <summary>Criterion, repair, calibration samples and seed; its rate, scope and target do not matter.</summary>
    public CompressionOptions Compression { get; init; } = new();

    /// <summary>The options that fit a compression.</summary>
    /// <param name="compression">The compression.</param>
    /// <returns>The defaults, with its criterion, repair and samples.</returns>
    public static SensitivityOptions For(CompressionOptions compression) => new() { Compression = compression };

    /// <summary>Number of points that a scan of a model measures.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="options">The options.</param>
    /// <returns>The number; less are measured when some are cached.</returns>
    public static int CountPoints(ModelAnalysis analysis, SensitivityOptions options) => SensitivityScan.Points(analysis, options);

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [.. Compression.Validate()];
        if (Rates.Count == 0 || Rates.Any(r => r is not (> 0 and < 1)) || Rates.Zip(Rates.Skip(1)).Any(p => p.First >= p.Second))
        {
            faults.Add($"rates are {string.Join(", ", Rates)}; name at least one, each above 0 and below 1, in ascending order.");
        }

        if (Samples < 1)
        {
            faults.Add($"samples is {Samples}; it must be at least 1.");
        }

        return faults;
    }
}
