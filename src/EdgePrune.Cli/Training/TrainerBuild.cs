using System.Diagnostics;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>
/// Lets the script that started the tool build the training program. Only it knows whether a source is newer than the last
/// build; what it prints on standard error is for the user, its last line on standard output is the program.
/// </summary>
internal static class TrainerBuild
{
    /// <summary>The environment variable in which the script names itself.</summary>
    public const string Variable = "EDGEPRUNE_SCRIPT";

    /// <summary>What the script is called with.</summary>
    public const string Verb = "--build-trainer";

    /// <summary>Builds the program unless it is current.</summary>
    /// <param name="script">The script.</param>
    /// <param name="status">Where the user is told.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <returns>Path of the program.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.TrainingUnavailable"/>: it cannot be built.</exception>
    public static async Task<string> RunAsync(string script, TextWriter status, CancellationToken cancellationToken)
    {
        using var process = Start(script);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            while (await process.StandardError.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                await status.WriteLineAsync(line).ConfigureAwait(false);
            }

            var path = (await output.ConfigureAwait(false)).Trim();
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0 && File.Exists(path)
                ? path
                : throw new InputException(ErrorCode.TrainingUnavailable, "The training program could not be built; what the build said stands above. Training needs about 1 GB on the disk and the packages of libtorch; the other verbs work without.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static Process Start(string script)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(script, [Verb])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"'{script}', which builds the training program, cannot be started: {e.Message} Correct {Variable}, or name a built program in {TrainingProgramFile.Variable}.", e);
        }
    }
}
