using System.CommandLine;
using System.CommandLine.Parsing;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Makes one error of what the parser found wrong, with the nearest word that would have been right.</summary>
internal static class UsageErrors
{
    public static InputException Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var faults = parse.Errors.Select(e => e.Message).Where(m => parse.UnmatchedTokens.Count == 0 || m != "Required command was not provided.").ToList();
        var nearest = parse.UnmatchedTokens.Select(t => Nearest(t, command)).FirstOrDefault(n => n is not null);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return new InputException(ErrorCode.InvalidOption, $"{string.Join(' ', faults)}{hint} Run '{Path(parse.CommandResult)} --help' for what is possible and an example.");
    }

    private static string? Nearest(string token, Command command) => token.StartsWith('-')
        ? NearestName.Of(token, [.. command.Options.Select(o => o.Name)])
        : NearestName.Of(token, [.. command.Subcommands.Select(c => c.Name)]);

    private static string Path(CommandResult command)
    {
        var names = new List<string>();
        for (SymbolResult? at = command; at is CommandResult { Command: not RootCommand } verb; at = at.Parent)
        {
            names.Insert(0, verb.Command.Name);
        }

        return string.Join(' ', names.Prepend("edgeprune"));
    }
}
