using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Choices where a removal is well defined in more than one way.</summary>
internal sealed class GroupingChoices
{
    private readonly Option<string> _norms = new("--norms")
    {
        Description = "Channels that a normalization or mean runs over: adapt lets it run over the kept ones only, keep pins them.",
        HelpName = "RULE",
        DefaultValueFactory = _ => "adapt",
    };

    private readonly Option<string> _attention = new("--attention")
    {
        Description = "What is removed of an attention: whole heads, or dimensions inside every head.",
        HelpName = "RULE",
        DefaultValueFactory = _ => "heads",
    };

    private readonly Option<string> _grouped = new("--grouped")
    {
        Description = "What is removed of a grouped convolution: channels, equally many of every group, or whole groups.",
        HelpName = "RULE",
        DefaultValueFactory = _ => "channels",
    };

    /// <summary>Adds the options to a verb.</summary>
    public GroupingChoices(Command verb)
    {
        _norms.AcceptOnlyFromAmong("adapt", "keep");
        _attention.AcceptOnlyFromAmong("heads", "dimensions");
        _grouped.AcceptOnlyFromAmong("channels", "whole");
        verb.Add(_norms);
        verb.Add(_attention);
        verb.Add(_grouped);
    }

    /// <summary>The choices as the library takes them.</summary>
    public GroupingOptions Read(ParseResult parse) => new()
    {
        Reductions = parse.GetValue(_norms) == "keep" ? ReductionRule.Keep : ReductionRule.Adapt,
        Attention = parse.GetValue(_attention) == "dimensions" ? AttentionRule.HeadDimensions : AttentionRule.Heads,
        Grouped = parse.GetValue(_grouped) == "whole" ? GroupedRule.Whole : GroupedRule.Channels,
    };
}
