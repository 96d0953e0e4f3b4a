using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>
/// Training as a process of this tool's own. It gets one request on its standard input, answers in lines, and is gone when
/// a call returns, whatever happened.
/// </summary>
/// <param name="program">The training program.</param>
internal sealed partial class TrainingProcess(TrainingProgramFile program)
{
    // The last line of a long training holds every epoch of it.
    private const int LongestLine = 4 << 20;

    private const int Terminate = 15;

    /// <summary>How long it may take to end by itself: the step at hand, then writing. <value>Default: 60 s.</value></summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Finds the program, builds it if need be, and gives what starts it.</summary>
    /// <param name="shell">The world around the tool.</param>
    /// <param name="cancellationToken">Stops a build.</param>
    /// <exception cref="InputException">There is no program, or it cannot be built.</exception>
    public static async Task<TrainingProcess> FindAsync(ToolShell shell, CancellationToken cancellationToken) =>
        new(await TrainingProgramFile.FindAsync(shell, AppContext.BaseDirectory, cancellationToken).ConfigureAwait(false));

    /// <summary>Runs one request to its end.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Told of progress and epochs, or null.</param>
    /// <param name="cancellationToken">Asks the process to stop after the step at hand, waits, and ends it if it does not.</param>
    /// <returns>How training ended.</returns>
    /// <exception cref="EdgePruneException">It failed, or the process broke off or answered nonsense.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; a checkpoint that was asked for is there.</exception>
    public async Task<TrainingFinished> RunAsync(TrainingRequest request, IProgress<TrainingLine>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start();
        try
        {
            await using var stop = cancellationToken.Register(() => AskToStop(process));
            var errors = ProcessTail.ReadAsync(process.StandardError, CancellationToken.None);
            var answer = AnswerAsync(process, request, progress, errors);
            var finished = await WithinGraceAsync(answer, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Grace, CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return finished.End != TrainingEnd.Cancelled
                ? finished
                : throw Broken("was stopped by somebody else. Run it again; with a checkpoint it goes on.");
        }
        catch (TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Broken($"answered and did not end within {Grace.TotalSeconds:0} s; it was ended.");
        }
        catch (Exception e) when (e is IOException or EdgePruneException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Training was cancelled.", e, cancellationToken);
        }
        finally
        {
            await EndAsync(process).ConfigureAwait(false);
        }
    }

    // The time to end by itself starts when it is cancelled, not before.
    private async Task<TrainingFinished> WithinGraceAsync(Task<TrainingFinished> answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await answer.WaitAsync(Grace, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<TrainingFinished> AnswerAsync(Process process, TrainingRequest request, IProgress<TrainingLine>? progress, Task<string> errors)
    {
        await AskAsync(process, request).ConfigureAwait(false);
        var lines = new LineReader(process.StandardOutput.BaseStream, LongestLine);
        try
        {
            while (await lines.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                switch (JsonSerializer.Deserialize(line, TrainingJson.Default.TrainingLine))
                {
                    case TrainingFinished finished:
                        return finished;
                    case TrainingFailed failed:
                        throw Reported(failed);
                    case { } other:
                        progress?.Report(other);
                        break;
                    default:
                        throw new JsonException("It is null.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidDataException)
        {
            throw Broken($"answered nonsense: {e.Message} Run it again with a training program of this tool's own version.", e);
        }

        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Grace, CancellationToken.None).ConfigureAwait(false);
        var said = (await errors.ConfigureAwait(false)).Trim();
        throw Broken($"ended with exit code {process.ExitCode} and without a result. {(said.Length == 0 ? "It said nothing; memory may have run out: lower the batch size." : $"The end of what it said: '{said}'")}");
    }

    private static async Task AskAsync(Process process, TrainingRequest request)
    {
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(request, TrainingJson.Default.TrainingRequest);
            await process.StandardInput.BaseStream.WriteAsync((byte[])[.. bytes, (byte)'\n']).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; what it said tells more.
        }
    }

    private Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program.Executable, program.Arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"The training program '{program.Executable}' cannot be started: {e.Message} Name another in {TrainingProgramFile.Variable}.", e);
        }
    }

    private static void AskToStop(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = Signal(process.Id, Terminate);
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static EdgePruneException Reported(TrainingFailed failed)
    {
        var code = Enum.IsDefined((ErrorCode)failed.Code) ? (ErrorCode)failed.Code : ErrorCode.TrainingFailed;
        var prefix = $"EP{failed.Code:0000}: ";
        var message = failed.Message.StartsWith(prefix, StringComparison.Ordinal) ? failed.Message[prefix.Length..] : failed.Message;
        return failed.Code / 1000 == 2 ? new ModelException(code, message) : new InputException(code, message);
    }

    private static InputException Broken(string what, Exception? cause = null) => new(ErrorCode.TrainingFailed, $"The training program {what}", cause);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
