using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary><c>finetune</c>: reads a model and labelled samples, fine-tunes, and writes the model.</summary>
internal sealed class FineTuneCommand(LineWriter lines)
{
    public int Run(FineTuneArguments arguments, CancellationToken cancellation)
    {
        if (!arguments.Overwrite && File.Exists(arguments.Output))
        {
            throw new InputException(ErrorCode.OutputExists, $"'{arguments.Output}' exists already. Choose another name or pass '--overwrite'.");
        }

        var model = OnnxFile.Read(arguments.Model);
        var samples = SampleSources.Open(arguments.Data, arguments.Labels, split: arguments.Split);
        var result = new FineTuner().Run(model, samples, arguments.Options, new ProgressLines(lines), cancellation);
        OnnxFile.Write(result.Model, arguments.Output);
        lines.Write(new FinishedLine(Name(result.Outcome), result.Steps, result.EpochLosses, arguments.Output, result.Reason));
        return result.Outcome switch
        {
            FineTuneOutcome.Completed => 0,
            FineTuneOutcome.Diverged => 2,
            _ => 130,
        };
    }

    private static string Name(FineTuneOutcome outcome) => outcome switch
    {
        FineTuneOutcome.Completed => "completed",
        FineTuneOutcome.Diverged => "diverged",
        _ => "cancelled",
    };
}
