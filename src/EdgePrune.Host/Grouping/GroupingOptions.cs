using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>Choices where a removal is well defined in more than one way.</summary>
public sealed record GroupingOptions
{
    /// <summary>What happens to channels that a normalization or another combination without weights runs over. <value>Default: adapt.</value></summary>
    public ReductionRule Reductions { get; set; } = ReductionRule.Adapt;

    /// <summary>What is removed of an attention: whole heads or dimensions inside all heads. <value>Default: heads.</value></summary>
    public AttentionRule Attention { get; set; } = AttentionRule.Heads;

    /// <summary>
    /// What is removed of a grouped convolution. <value>Default: channels; where these cannot go evenly, whole groups are taken without being
    /// asked for.</value>
    /// </summary>
    public GroupedRule Grouped { get; set; } = GroupedRule.Channels;
}

/// <summary>What is removed of a convolution whose channels are in groups.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupedRule>))]
public enum GroupedRule
{
    /// <summary>Equally many channels of every group; the number of groups stays.</summary>
    Channels,
    /// <summary>Whole groups: all inputs and outputs of a group go together, and the convolution has fewer groups.</summary>
    Whole,
}

/// <summary>What happens to channels whose mean, variance, norm, sum or extreme a node takes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReductionRule>))]
public enum ReductionRule
{
    /// <summary>They can be removed; the node then runs over the kept channels only.</summary>
    Adapt,
    /// <summary>They stay, so that no statistic changes.</summary>
    Keep,
}

/// <summary>What is removed where an axis is the product of two that could both be pruned.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttentionRule>))]
public enum AttentionRule
{
    /// <summary>The outer axis: whole heads, whole groups of channels.</summary>
    Heads,
    /// <summary>The inner axis: the same dimensions of every head. The scale that the model was trained with stays as it is.</summary>
    HeadDimensions,
}
