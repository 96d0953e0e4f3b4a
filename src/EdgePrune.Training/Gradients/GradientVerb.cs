using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary><c>gradients</c>: measures what the loss says of each channel, and writes the scores as JSON.</summary>
internal sealed class GradientVerb : ITrainingVerb
{
    public TrainingFinished Run(TrainingRequest request, IProgress<TrainingLine> progress, CancellationToken cancellation)
    {
        var asked = (GradientRequest)request;
        LibTorch.Prepare();
        var scores = GradientMeasurement.Run(ModelAnalysis.Of(OnnxFile.Read(asked.Model), asked.Grouping), asked.Samples.Open(), asked.Recipe, cancellation);
        WholeFile.Write(asked.Output, JsonSerializer.SerializeToUtf8Bytes(scores, TrainingJson.Default.GradientScores));
        return new TrainingFinished(TrainingEnd.Completed, 0, [], asked.Output, null);
    }
}
