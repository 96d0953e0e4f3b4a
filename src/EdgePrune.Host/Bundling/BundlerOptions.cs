using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What <see cref="ModelBundler"/> writes into every manifest.</summary>
public sealed record BundlerOptions
{
    /// <summary>Name of the model line; versions grow within one name. <see cref="SanitizeName"/> makes one of any text.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the targets the bundles are for. <value>Default: <c>any</c>, every device.</value></summary>
    public IReadOnlyList<string> Targets { get; init; } = ["any"];

    /// <summary>How long after packing devices may still install a bundle. <value>Default: 90 days. Range: 1 minute to 10 years.</value></summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Largest difference the self-test allows, relative to the largest expected value. <value>Default: 0.001. Range: above 0, to 1.</value>
    /// </summary>
    /// <remarks>
    /// Between x64 and ARM64, int8 models give the same bits and float models differ by at most 4e-6 of the largest value,
    /// measured on both; the default leaves room for other kernels and still catches every broken weight that matters.
    /// </remarks>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Seed of the self-test's random input. <value>Default: 1.</value></summary>
    public int Seed { get; init; } = 1;

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (!ManifestRules.IsName(Name))
        {
            faults.Add($"name is '{Name}'; it must be 1 to 64 letters, digits, '-', '_' and '.', not starting with a dot.");
        }

        if (Targets.Count == 0)
        {
            faults.Add("targets is empty; name a target, or 'any'.");
        }

        if (Lifetime < TimeSpan.FromMinutes(1) || Lifetime > TimeSpan.FromDays(3653))
        {
            faults.Add($"lifetime is {Lifetime}; it must be between 1 minute and 10 years.");
        }

        if (Tolerance is not (> 0 and <= 1))
        {
            faults.Add($"tolerance is {Tolerance}; it must be above 0 and at most 1.");
        }

        return faults;
    }

    /// <summary>A name that a manifest may bear, made of any text: what is not allowed becomes a hyphen.</summary>
    /// <param name="text">Such as a graph's or a file's name.</param>
    /// <returns>1 to 64 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; <c>model</c> when nothing is left of the text.</returns>
    public static string SanitizeName(string text)
    {
        var allowed = new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]).Trim('-', '.');
        var name = (allowed.Length > 64 ? allowed[..64] : allowed).TrimEnd('-', '.');
        return name.Length == 0 ? "model" : name;
    }
}
