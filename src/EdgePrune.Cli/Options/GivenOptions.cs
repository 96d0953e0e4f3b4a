using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary>Tells options that were written on the command line from those that have their default.</summary>
internal static class GivenOptions
{
    /// <summary>The first of some options that was written, or null.</summary>
    public static Option? Among(ParseResult parse, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (parse.GetResult(option) is { Implicit: false })
            {
                return option;
            }
        }

        return null;
    }
}
