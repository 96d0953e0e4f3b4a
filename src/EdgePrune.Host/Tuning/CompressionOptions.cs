using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What rates are compared within.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PruningScope>))]
public enum PruningScope
{
    /// <summary>All groups compete: the lowest scores of the whole model go.</summary>
    Global,
    /// <summary>Every group loses the same share.</summary>
    PerLayer,
    /// <summary>Groups of one pattern compete; every such class loses the same share.</summary>
    Isomorphic,
}

/// <summary>What <see cref="CompressionPipeline"/> does to a model.</summary>
public sealed record CompressionOptions
{
    /// <summary>Share to remove of what <see cref="RateOf"/> names. <value>Default: 0.5. Range: 0 to below 1.</value></summary>
    public double Rate { get; init; } = 0.5;
    /// <summary>What the rate is a share of. <value>Default: the prunable channels.</value></summary>
    public RateUnit RateOf { get; init; } = RateUnit.Channels;
    /// <summary>What channels compete with. <value>Default: all groups together.</value></summary>
    public PruningScope Scope { get; init; } = PruningScope.Global;
    /// <summary>Name of the criterion that is chosen by what is there: <c>obs</c> with samples, <c>l2</c> without.</summary>
    public const string AutomaticCriterion = "auto";

    /// <summary>Most ways of sharing a rate out that <see cref="RateAllocation.Trial"/> carries out.</summary>
    public const int MostTrials = 5;

    /// <summary>Name of the importance criterion, see <see cref="CriterionRegistry"/>. <value>Default: auto.</value></summary>
    public string Criterion { get; init; } = AutomaticCriterion;
    /// <summary>Largest share that one group may lose where groups compete. <value>Default: 0.9. Range: above 0, below 1.</value></summary>
    public double MaxGroupRate { get; init; } = 0.9;
    /// <summary>Limits of single groups in the place of <see cref="MaxGroupRate"/>; of several for one group the last counts. <value>Default: none.</value></summary>
    public IReadOnlyList<GroupLimit> Limits { get; init; } = [];
    /// <summary>What happens to groups that additions couple. <value>Default: they are pruned.</value></summary>
    public SpineRule Spines { get; init; } = SpineRule.Prune;
    /// <summary>What decides how much each group gives. <value>Default: the scores.</value></summary>
    public RateAllocation Allocation { get; init; } = RateAllocation.Score;
    /// <summary>Measured sensitivity for <see cref="RateAllocation.Sensitivity"/> and <see cref="RateAllocation.Trial"/>, or null to measure it when it is needed. <value>Default: null.</value></summary>
    public SensitivityCurves? Sensitivity { get; init; }
    /// <summary>In how many steps the model is pruned, repaired and scored anew; all rates are of the original. <value>Default: 1. Range: 1 to 100.</value></summary>
    public int Steps { get; init; } = 1;
    /// <summary>How the rate grows from step to step. <value>Default: linear.</value></summary>
    public PruneSchedule Schedule { get; init; } = PruneSchedule.Linear;
    /// <summary>Channel counts are rounded to what this target likes, or null for no rounding. <value>Default: null.</value></summary>
    public Target? Target { get; init; }
    /// <summary>Whether the weights are fitted to what the original gives: by samples layer after layer, or without any by what the weights say. <value>Default: true.</value></summary>
    public bool Repair { get; init; } = true;
    /// <summary>What follows the repair; the kinds that train need <see cref="CompressionPipeline.Trainer"/>. With several steps it follows each. <value>Default: nothing, repair alone.</value></summary>
    public RecoveryChoice Recovery { get; init; } = RecoveryChoice.None;
    /// <summary>Points of the score that may be lost, or null for no limit. The model of the last step within it is taken; needs <see cref="CompressionPipeline.Evaluator"/>. <value>Default: null. Range: 0 to 100.</value></summary>
    public double? MaxLoss { get; init; }
    /// <summary>Number format of the result. <value>Default: float32.</value></summary>
    public Precision Precision { get; init; } = Precision.Float32;
    /// <summary>How the model is quantized where <see cref="Precision"/> is int8; the sign of the activations follows the target. <value>Default: all that makes it more accurate.</value></summary>
    public QuantizationOptions Quantization { get; init; } = new();
    /// <summary>Points of the score that int8 may cost, or null for no limit; nodes that cost most go back to float. Needs <see cref="CompressionPipeline.Evaluator"/>. <value>Default: null. Range: 0 to 100.</value></summary>
    public double? QuantizationLoss { get; init; }
    /// <summary>Unlabelled samples used for statistics and calibration. <value>Default: 512.</value></summary>
    public int CalibrationSamples { get; init; } = 512;
    /// <summary>Seed of everything random. <value>Default: 1.</value></summary>
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

        if (MaxGroupRate is not (> 0 and < 1))
        {
            faults.Add($"maxGroupRate is {MaxGroupRate}; it must be above 0 and below 1.");
        }

        faults.AddRange(Limits.Where(l => l.Rate is not (>= 0 and < 1)).Select(l => $"The limit of '{l.Groups}' is {l.Rate}; it must be at least 0 and below 1."));
        if (Steps is not (>= 1 and <= 100))
        {
            faults.Add($"steps is {Steps}; it must be between 1 and 100.");
        }

        if (Allocation != RateAllocation.Score && Scope != PruningScope.Global)
        {
            faults.Add($"allocation is {(Allocation == RateAllocation.Trial ? "trial" : "sensitivity")} and scope is {Scope}; measured losses decide over all groups, so the scope must be global.");
        }

        if (Allocation == RateAllocation.Trial && Steps > 1)
        {
            faults.Add($"allocation is trial and steps is {Steps}; trials compare plans of one step. Choose one of the two.");
        }

        if (Recovery.Kind != RecoveryKind.Repair)
        {
            faults.AddRange(Recovery.Recipe.Validate());
        }

        faults.AddRange(LimitFaults());
        faults.AddRange(Quantization.Validate());
        if (CalibrationSamples < 1)
        {
            faults.Add($"calibrationSamples is {CalibrationSamples}; it must be at least 1.");
        }

        return faults;
    }

    private IEnumerable<string> LimitFaults()
    {
        if (MaxLoss is { } points && points is not (>= 0 and <= 100))
        {
            yield return $"maxLoss is {points}; it must be 0 to 100 points.";
        }

        if (QuantizationLoss is { } cost && cost is not (>= 0 and <= 100))
        {
            yield return $"quantizationLoss is {cost}; it must be 0 to 100 points.";
        }

        if (MaxLoss is not null && Allocation == RateAllocation.Trial)
        {
            yield return "maxLoss is given and allocation is trial; a limit ends a series of steps, and trials compare plans of one step. Choose one of the two.";
        }
    }
}
