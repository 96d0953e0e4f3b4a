using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Training;

/// <summary>
/// The process that the command-line tool starts for training. It writes one JSON object a line: any number of
/// <c>progress</c>, then one <c>finished</c> or <c>failed</c>.
/// </summary>
public static class TrainingProgram
{
    /// <summary>How the program is called.</summary>
    public const string Usage =
        "finetune --model in.onnx --data file-or-folder --out out.onnx [--labels file] [--split train|test] [--epochs 1] [--learning-rate 1e-4] "
        + "[--batch-size 64] [--optimizer adamw|sgd] [--weight-decay 1e-4] [--seed 1] [--threads 0] [--overwrite]";

    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line; see <see cref="Usage"/>.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="cancellation">Stops after the present step; what was learnt is written.</param>
    /// <returns>The exit code: 0 completed, 1 failed, 2 diverged (the last good weights are written), 130 cancelled.</returns>
    public static int Run(IReadOnlyList<string> args, Stream output, CancellationToken cancellation)
    {
        var lines = new LineWriter(output);
        try
        {
            return new FineTuneCommand(lines).Run(FineTuneArguments.Parse(args), cancellation);
        }
        catch (EdgePruneException e)
        {
            lines.Write(new FailedLine((int)e.Code, e.Message));
            return 1;
        }
        catch (ExternalException e)
        {
            lines.Write(new FailedLine((int)ErrorCode.TrainingUnavailable, $"libtorch failed: {e.Message.Split('\n')[0]} Lower the batch size if memory ran out."));
            return 1;
        }
    }
}
