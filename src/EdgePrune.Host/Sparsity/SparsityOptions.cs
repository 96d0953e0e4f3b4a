using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How the weights that become zero are chosen.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SparsityMethod>))]
public enum SparsityMethod
{
    /// <summary>Compensated with samples, magnitude without.</summary>
    Auto,
    /// <summary>The smallest absolute values.</summary>
    Magnitude,
    /// <summary>The smallest products of absolute value and norm of the input, within each output row (Sun et al., 2024). Needs samples.</summary>
    Wanda,
    /// <summary>Those whose loss the other weights of the row make up best, which they then do (SparseGPT; Frantar and Alistarh, 2023). Needs samples.</summary>
    Compensated,
    /// <summary>At random: what any method must beat.</summary>
    Random,
}

/// <summary>What <see cref="Sparsifier"/> does to a model.</summary>
public sealed record SparsityOptions
{
    /// <summary>Share of the weights that become zero; a pattern N:M has its own and ignores this one. <value>Default: 0.5. Range: 0 to below 1.</value></summary>
    public double Rate { get; init; } = 0.5;
    /// <summary>Where zeros may lie. <value>Default: anywhere.</value></summary>
    public SparsityPattern Pattern { get; init; } = SparsityPattern.Unstructured;
    /// <summary>How weights are chosen. <value>Default: by what is there.</value></summary>
    public SparsityMethod Method { get; init; } = SparsityMethod.Auto;
    /// <summary>Whether layers compete, or every layer gets the same rate, as with a pattern N:M. <value>Default: layers compete; small layers then keep most of their weights.</value></summary>
    public PruningScope Scope { get; init; } = PruningScope.Global;
    /// <summary>Unlabelled samples that are used. <value>Default: 512.</value></summary>
    public int CalibrationSamples { get; init; } = 512;
    /// <summary>Seed of everything random: the choice of samples, and the random method. <value>Default: 1.</value></summary>
    public int Seed { get; init; } = 1;

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Rate is not (>= 0 and < 1))
        {
            faults.Add($"rate is {Rate}; it must be at least 0 and below 1.");
        }

        if (CalibrationSamples < 1)
        {
            faults.Add($"calibrationSamples is {CalibrationSamples}; it must be at least 1.");
        }

        return faults;
    }
}
