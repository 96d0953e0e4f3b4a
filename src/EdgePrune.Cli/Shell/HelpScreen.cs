using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EdgePrune.Cli;

/// <summary>A help screen: the ordinary sections, then the exit codes and an example to copy.</summary>
/// <param name="sections">What writes the ordinary sections.</param>
internal sealed class HelpScreen(HelpAction sections) : SynchronousCommandLineAction
{
    private const string ExitCodeText = """
        Exit codes:
          0    done
          1    an error that nobody foresaw
          2    the command line, a file or the samples are wrong (EP1xxx, EP3xxx)
          3    the model cannot be used (EP2xxx)
          4    the network or the hub failed (EP4xxx)
          5    a bundle or key was refused (EP5xxx)
          6    the device or a measurement failed (EP6xxx, EP7xxx)
          7    no candidate meets the budget, or the first step goes beyond the limit of the loss
          8    training diverged; the last good weights are written
          130  stopped by the user
        """;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var result = sections.Invoke(parseResult);
        if (parseResult.CommandResult.Command is VerbCommand)
        {
            output.WriteLine(ExitCodeText);
            output.WriteLine();
        }

        var example = parseResult.CommandResult.Command is IHasExample verb ? verb.Example : "edgeprune quickstart";
        output.WriteLine("Example:");
        foreach (var line in example.ReplaceLineEndings("\n").Split('\n'))
        {
            output.WriteLine($"  {line}");
        }

        return result;
    }
}
