using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>
/// The process that trains for others. It reads one <see cref="TrainingRequest"/> as JSON and writes <see cref="TrainingLine"/>s, one JSON
/// object a line: any number of <c>progress</c> and <c>epoch</c>, then one <c>finished</c> or <c>failed</c>.
/// </summary>
public static class TrainingProgram
{
    /// <summary>Runs one request.</summary>
    /// <param name="input">Where the request comes from.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="cancellation">Stops after the present step; what was learnt is written.</param>
    /// <returns>The exit code: 0 completed or stopped early, 1 failed, 2 diverged (the last good weights are written), 130 cancelled.</returns>
    public static int Run(Stream input, Stream output, CancellationToken cancellation)
    {
        var lines = new LineWriter(output);
        try
        {
            var request = RequestReader.Read(input);
            var finished = TrainingVerbs.For(request).Run(request, new ProgressLines(lines), cancellation);
            lines.Write(finished);
            return finished.End switch
            {
                TrainingEnd.Completed or TrainingEnd.StoppedEarly => 0,
                TrainingEnd.Diverged => 2,
                _ => 130,
            };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            lines.Write(new TrainingFinished(TrainingEnd.Cancelled, 0, [], "", "It was cancelled before there was anything to keep; nothing was written."));
            return 130;
        }
        catch (IOException)
        {
            // Nobody reads the lines any more.
            return 1;
        }
        catch (EdgePruneException e)
        {
            return Failed(lines, e.Code, e.Message);
        }
        catch (ExternalException e)
        {
            return Failed(lines, ErrorCode.TrainingUnavailable, $"libtorch failed: {e.Message.Split('\n')[0]} Lower the batch size if memory ran out.");
        }
    }

    private static int Failed(LineWriter lines, ErrorCode code, string message)
    {
        lines.Write(new TrainingFailed((int)code, message));
        return 1;
    }
}
