using System.CommandLine.Help;

namespace EdgePrune.Cli;

/// <summary>The sections of a help screen: the ordinary ones, then an example to copy and the exit codes.</summary>
internal static class HelpLayout
{
    private const string ExitCodeText = """
        Exit codes:
          0    done                                  5    a bundle or key was refused (EP5xxx)
          1    an error that nobody foresaw          6    device or measurement (EP6xxx, EP7xxx)
          2    command line or input (EP1xxx, EP3xxx)  7    no candidate meets the budget
          3    the model cannot be used (EP2xxx)     130  stopped by the user
          4    network or hub (EP4xxx)
        """;

    public static IEnumerable<Func<HelpContext, bool>> Of(HelpContext context) =>
        HelpBuilder.Default.GetLayout().Append(WriteExitCodes).Append(WriteExample);

    private static bool WriteExitCodes(HelpContext context)
    {
        if (context.Command is not VerbCommand)
        {
            return false;
        }

        context.Output.WriteLine(ExitCodeText);
        return true;
    }

    private static bool WriteExample(HelpContext context)
    {
        var example = context.Command is IHasExample verb ? verb.Example : "edgeprune quickstart";
        context.Output.WriteLine("Example:");
        foreach (var line in example.ReplaceLineEndings("\n").Split('\n'))
        {
            context.Output.WriteLine($"  {line}");
        }

        return true;
    }
}
