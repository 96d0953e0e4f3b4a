using System.CommandLine;

namespace EdgePrune.Cli;

/// <summary>Options that every verb has, read by their names wherever they stand on the command line.</summary>
internal static class GlobalOptions
{
    private const string Json = "--json";
    private const string Verbose = "--verbose";

    /// <summary>Adds the options to the root of the verbs.</summary>
    /// <param name="root">The root.</param>
    public static void AddTo(RootCommand root)
    {
        root.Add(new Option<bool>(Json)
        {
            Description = "Write the result as JSON to standard output; everything else goes to standard error.",
            Recursive = true,
        });
        root.Add(new Option<bool>(Verbose) { Description = "Show where an error came from.", Recursive = true });
    }

    /// <summary>Whether a machine reads the result.</summary>
    /// <param name="parse">The parsed command line.</param>
    public static bool IsJson(ParseResult parse) => parse.GetValue<bool>(Json);

    /// <summary>Whether stack traces are wanted.</summary>
    /// <param name="parse">The parsed command line.</param>
    public static bool IsVerbose(ParseResult parse) => parse.GetValue<bool>(Verbose);
}
