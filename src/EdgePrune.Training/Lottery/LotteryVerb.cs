using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary><c>lottery</c>: looks for a ticket, and writes the report and, if asked, the ticket as a model.</summary>
internal sealed class LotteryVerb : ITrainingVerb
{
    public TrainingFinished Run(TrainingRequest request, IProgress<TrainingLine> progress, CancellationToken cancellation)
    {
        var asked = (LotteryRequest)request;
        var settings = new FineTuneSettings { Validation = asked.Validation?.Open(), Progress = progress };
        var found = new LotteryTrainer().Run(OnnxFile.Read(asked.Model), asked.Samples.Open(), asked.Recipe, settings, cancellation);
        WholeFile.Write(asked.Output, JsonSerializer.SerializeToUtf8Bytes(found.Report, TrainingJson.Default.LotteryReport));
        if (asked.Ticket is { } ticket)
        {
            OnnxFile.Write(found.Ticket, ticket);
        }

        return found.Summary with { Output = asked.Output };
    }
}
