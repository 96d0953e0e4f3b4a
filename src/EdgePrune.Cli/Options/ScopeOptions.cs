using System.CommandLine;
using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What channels compete with, what a rate is a share of, and the limits of single groups.</summary>
internal sealed class ScopeOptions
{
    private static readonly Dictionary<string, PruningScope> Scopes = new(StringComparer.Ordinal)
    {
        ["global"] = PruningScope.Global, ["per-layer"] = PruningScope.PerLayer, ["isomorphic"] = PruningScope.Isomorphic,
    };

    private static readonly Dictionary<string, RateUnit> Units = new(StringComparer.Ordinal)
    {
        ["channels"] = RateUnit.Channels, ["parameters"] = RateUnit.Parameters, ["macs"] = RateUnit.Macs, ["bytes"] = RateUnit.Bytes, ["latency"] = RateUnit.Latency,
    };

    private readonly Option<string> _unit = new("--rate-of")
    {
        Description = "What the rate is a share of: channels, parameters, macs, bytes of the file, or the latency predicted for --target.",
        HelpName = "UNIT",
        DefaultValueFactory = _ => "channels",
    };

    private static readonly Dictionary<string, RateAllocation> Allocations = new(StringComparer.Ordinal)
    {
        ["score"] = RateAllocation.Score, ["sensitivity"] = RateAllocation.Sensitivity, ["trial"] = RateAllocation.Trial,
    };

    private readonly Option<string?> _scope = new("--scope")
    {
        Description = "What channels compete with: global, all groups; per-layer, every group loses the same share; isomorphic, groups of one pattern compete and every pattern loses the same share. Default: global.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _perLayer = new("--per-layer") { Description = "The same as --scope per-layer." };

    private readonly Option<string> _allocation = new("--allocation")
    {
        Description = "What decides how much each group gives: score; sensitivity, the loss measured when it gives alone (see 'sensitivity'); or trial, which carries out several ways and keeps the one nearest to the original on held-out samples. The last two need --data.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "score",
    };

    private readonly Option<string[]> _limits = new("--limit")
    {
        Description = "Largest share that some groups may lose, as NAME=SHARE; the name may be a pattern such as 'layer1.*', 0 leaves them alone. Repeatable, the last that fits counts.",
        HelpName = "NAME=SHARE",
    };

    private readonly Option<string> _spines = new("--spines")
    {
        Description = "Channels that residual additions couple: prune, or keep and prune inside blocks only.",
        HelpName = "RULE",
        DefaultValueFactory = _ => "prune",
    };

    /// <summary>Adds the options to a verb.</summary>
    public ScopeOptions(Command verb)
    {
        _unit.AcceptOnlyFromAmong([.. Units.Keys]);
        _scope.AcceptOnlyFromAmong([.. Scopes.Keys]);
        _allocation.AcceptOnlyFromAmong([.. Allocations.Keys]);
        _spines.AcceptOnlyFromAmong("prune", "keep");
        verb.Add(_unit);
        verb.Add(_scope);
        verb.Add(_perLayer);
        verb.Add(_allocation);
        verb.Add(_limits);
        verb.Add(_spines);
    }

    /// <summary>Puts the options into a compression's.</summary>
    /// <exception cref="InputException">Two contradict each other, or a limit cannot be read.</exception>
    public CompressionOptions Read(ParseResult parse, CompressionOptions options) => options with
    {
        RateOf = Units[parse.GetRequiredValue(_unit)],
        Scope = Scope(parse.GetValue(_scope), parse.GetValue(_perLayer)),
        Allocation = Allocations[parse.GetRequiredValue(_allocation)],
        Limits = [.. (parse.GetValue(_limits) ?? []).Select(Limit)],
        Spines = parse.GetValue(_spines) == "keep" ? SpineRule.Keep : SpineRule.Prune,
    };

    private static PruningScope Scope(string? named, bool isPerLayer)
    {
        var scope = named is null ? (isPerLayer ? PruningScope.PerLayer : PruningScope.Global) : Scopes[named];
        return isPerLayer && scope != PruningScope.PerLayer
            ? throw new InputException(ErrorCode.InvalidOption, $"--per-layer means --scope per-layer, but --scope says {named}. Name one of them.")
            : scope;
    }

    // Names of groups may hold an equals sign; shares do not.
    private static GroupLimit Limit(string text) =>
        text.LastIndexOf('=') is > 0 and var at && double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
            ? new GroupLimit(text[..at], rate)
            : throw new InputException(ErrorCode.InvalidOption, $"'--limit {text}' cannot be read. Write NAME=SHARE, such as --limit layer1.*=0.2.");
}
