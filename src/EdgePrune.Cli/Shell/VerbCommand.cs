using System.CommandLine;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A verb: parse, call the library, render. Errors become one line and an exit code here, in one place.</summary>
internal abstract class VerbCommand : Command, IHasExample
{
    private readonly ToolShell _shell;

    /// <summary>Makes the verb.</summary>
    /// <param name="shell">The world around the tool.</param>
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">What it does, one or two sentences.</param>
    /// <param name="example">Lines to copy.</param>
    protected VerbCommand(ToolShell shell, string name, string description, string example)
        : base(name, description)
    {
        _shell = shell;
        Example = example;
        SetAction(RunGuardedAsync);
    }

    /// <inheritdoc/>
    public string Example { get; }

    /// <summary>Does the work.</summary>
    /// <param name="parse">The parsed command line.</param>
    /// <param name="screen">Where results go.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken);

    private async Task<int> RunGuardedAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var isJson = GlobalOptions.IsJson(parse);
        var errors = new ErrorPrinter(_shell, isJson, GlobalOptions.IsVerbose(parse));
        try
        {
            return await RunAsync(parse, new Screen(_shell, isJson), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            errors.PrintCancelled();
            return ExitCodes.Cancelled;
        }
        catch (EdgePruneException e)
        {
            errors.Print(e);
            return ExitCodes.Of(e.Code);
        }
#pragma warning disable CA1031 // The outermost frame: whatever nobody foresaw becomes exit code 1, with its type and message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors.PrintUnforeseen(e);
            return ExitCodes.Internal;
        }
    }
}
