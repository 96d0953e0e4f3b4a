using System.Security.Cryptography;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>Runs one training for a verb and shows it as it goes.</summary>
/// <param name="Finished">How it ended.</param>
/// <param name="Written">What the training program wrote.</param>
internal sealed record TrainingRun(TrainingFinished Finished, ReadOnlyMemory<byte> Written)
{
    // Steps of a phase that are shown: a live line moves, a log stays readable.
    private const int LiveParts = 1000;
    private const int LogParts = 10;

    /// <summary>The exit code of the verb.</summary>
    public int ExitCode => Finished.End == TrainingEnd.Diverged ? ExitCodes.Diverged : ExitCodes.Done;

    /// <summary>Writes the model, ends the checkpoint, and describes both.</summary>
    /// <param name="output">Where the model goes.</param>
    /// <param name="checkpoint">The checkpoint, which is not needed any more.</param>
    /// <param name="before">The model it started from.</param>
    /// <param name="score">Score before and after, or null.</param>
    public TrainResult Keep(string output, string checkpoint, Model before, TrainedScore? score)
    {
        WholeFile.Write(output, Written);
        File.Delete(checkpoint);
        return new TrainResult(
            output,
            Convert.ToHexStringLower(SHA256.HashData(Written.Span)),
            Written.Length,
            before.ParameterCount,
            OnnxFile.Read(Written.Span).ParameterCount,
            Finished.End,
            Finished.Steps,
            Finished.Epochs,
            Finished.Reason,
            Finished.Note,
            score);
    }

    /// <summary>Runs a request. What it writes goes to a temporary file, so that nothing half-learnt is left when it is stopped.</summary>
    /// <param name="screen">Where it is shown.</param>
    /// <param name="title">What it is.</param>
    /// <param name="request">Makes the request for a file that is written to.</param>
    /// <param name="cancellationToken">Stops it; its checkpoint stays.</param>
    /// <exception cref="EdgePruneException">It cannot be done, or broke off.</exception>
    public static async Task<TrainingRun> RunAsync(Screen screen, string title, Func<string, TrainingRequest> request, CancellationToken cancellationToken)
    {
        var process = await TrainingProcess.FindAsync(screen.Shell, cancellationToken).ConfigureAwait(false);
        var folder = Directory.CreateTempSubdirectory("edgeprune-train-");
        try
        {
            var asked = request(Path.Combine(folder.FullName, "trained.onnx"));
            var finished = await ShownAsync(screen, title, process, asked, cancellationToken).ConfigureAwait(false);
            var written = await File.ReadAllBytesAsync(asked.Output, cancellationToken).ConfigureAwait(false);
            return new TrainingRun(finished, written);
        }
        catch (FileNotFoundException e)
        {
            throw new InputException(ErrorCode.TrainingFailed, "The training program said that it finished and wrote nothing. Run it again with a training program of this tool's own version.", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TrainingFinished> ShownAsync(Screen screen, string title, TrainingProcess process, TrainingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await WorkProgress.RunAsync(screen, title, new WorkExtent(),
                steps => process.RunAsync(request, new TrainingSteps(steps, screen.IsLive ? LiveParts : LogParts), cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (request.Checkpoint is { } checkpoint && File.Exists(checkpoint))
        {
            screen.Note($"The state of training is in {checkpoint}; the same command goes on from there.");
            throw;
        }
    }
}
