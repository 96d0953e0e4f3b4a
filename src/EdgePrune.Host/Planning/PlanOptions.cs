using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What happens to groups whose channels are made by several operators that meet in an addition.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpineRule>))]
public enum SpineRule
{
    /// <summary>They are pruned like any other, ranked by the sum over all that make and read them.</summary>
    Prune,
    /// <summary>They are left alone, and only channels inside blocks go.</summary>
    Keep,
}

/// <summary>How a plan is made.</summary>
/// <param name="Rate">Share to remove of what <see cref="RateOf"/> names. Range: 0 to below 1.</param>
/// <param name="Scope">What channels compete with.</param>
/// <param name="MaxGroupRate">Largest share that one group may lose where groups compete.</param>
/// <param name="Target">Channel counts are rounded to what this target likes, or null for no rounding.</param>
/// <param name="Precision">Precision the counts are rounded for.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record PlanOptions(double Rate, PruningScope Scope, double MaxGroupRate, Target? Target, Precision Precision, int Seed)
{
    /// <summary>What the rate is a share of. <value>Default: the channels.</value></summary>
    public RateUnit RateOf { get; init; } = RateUnit.Channels;

    /// <summary>Limits of single groups; of several for one group the last counts. <value>Default: none.</value></summary>
    public IReadOnlyList<GroupLimit> Limits { get; init; } = [];

    /// <summary>What happens to groups that additions couple. <value>Default: they are pruned.</value></summary>
    public SpineRule Spines { get; init; } = SpineRule.Prune;

    /// <summary>Measured losses that decide how much each group gives, or null for the scores. <value>Default: null.</value></summary>
    public SensitivityCurves? Sensitivity { get; init; }

    /// <summary>The model that rates refer to when this one was pruned already, or null when it was not. <value>Default: null.</value></summary>
    public PlanBasis? Basis { get; init; }
}

/// <summary>The original of a model that is pruned in several steps; all rates refer to it.</summary>
/// <param name="Channels">Channels of each of its groups by name.</param>
/// <param name="Footprint">What it costs.</param>
public sealed record PlanBasis(IReadOnlyDictionary<string, int> Channels, Footprint Footprint);
