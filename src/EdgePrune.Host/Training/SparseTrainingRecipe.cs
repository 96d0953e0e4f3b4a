using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What makes channels or weights die while a model learns.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SparseTrainingMethod>))]
public enum SparseTrainingMethod
{
    /// <summary>Nothing; plain training.</summary>
    None,
    /// <summary>L1 norm of all weights: many become small (Han et al., 2015). Channels are then ranked by L1.</summary>
    L1,
    /// <summary>L2 norm of all weights. Channels are then ranked by L2.</summary>
    L2,
    /// <summary>Sum of the L2 norms of whole dependency groups' channels: whole channels die (Wen et al., 2016; Fang et al., DepGraph, 2023).</summary>
    GroupLasso,
    /// <summary>L1 norm of batch normalization's scales (Liu et al., Network Slimming, 2017). Needs unfolded batch normalization.</summary>
    BatchNormScale,
    /// <summary>Zeros that grow along a cubic schedule by step, smallest weights first (Zhu and Gupta, 2017); unstructured.</summary>
    GradualMasks,
}

/// <summary>How a model is trained so that a share of it can go, from its weights or from new ones.</summary>
public sealed record SparseTrainingRecipe
{
    /// <summary>Epochs, learning rate and the like.</summary>
    public TrainingOptions Training { get; set; } = new();

    /// <summary>Whether the model starts from new random weights (He et al., 2015) instead of its own. <value>Default: false.</value></summary>
    public bool FromScratch { get; set; }

    /// <summary>What makes channels or weights die. <value>Default: none.</value></summary>
    public SparseTrainingMethod Method { get; set; } = SparseTrainingMethod.None;

    /// <summary>
    /// Weight of the penalty in the loss. <value>Default: null, which is 1e-4, and for group lasso just so strong that a channel of its group's median
    /// weight dies by the end when no sample holds on to it, but at most 0.1. Range: 0 and above.</value>
    /// </summary>
    public double? Strength { get; set; }

    /// <summary>The weight of penalties that are a term of the loss: the one that is named, else 1e-4.</summary>
    [JsonIgnore]
    public double PenaltyStrength => Strength ?? 1e-4;

    /// <summary>Share of channels, or with gradual masks of weights, that is gone in the end. <value>Default: 0, nothing. Range: 0 to below 1.</value></summary>
    public double Rate { get; set; }

    /// <summary>All faults; empty when the recipe is sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [.. Training.Validate()];
        if (!Enum.IsDefined(Method))
        {
            faults.Add($"method is {Method}, which is unknown.");
        }

        if (Strength is { } strength && (!double.IsFinite(strength) || strength < 0))
        {
            faults.Add($"strength is {Strength}; it must be 0 or a number above.");
        }

        if (Rate is not (>= 0 and < 1))
        {
            faults.Add($"rate is {Rate}; it must be at least 0 and below 1.");
        }

        return faults;
    }
}
