using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary><c>train</c>: trains, removes what died, and writes the model; gradual masks are written beside it as <c>.mask.json</c>.</summary>
internal sealed class SparseTrainingVerb : ITrainingVerb
{
    public TrainingFinished Run(TrainingRequest request, IProgress<TrainingLine> progress, CancellationToken cancellation)
    {
        var asked = (SparseTrainingRequest)request;
        var settings = new FineTuneSettings { Validation = asked.Validation?.Open(), Checkpoint = asked.Checkpoint, Progress = progress };
        var trained = new SparseTrainer().Run(OnnxFile.Read(asked.Model), asked.Samples.Open(), asked.Recipe, settings, cancellation);
        OnnxFile.Write(trained.Model, asked.Output);
        if (trained.Mask is { } mask)
        {
            WholeFile.Write(Path.ChangeExtension(asked.Output, ".mask.json"), SparsityMaskFile.Print(mask));
        }

        if (asked.Checkpoint is { } checkpoint && trained.Summary.End != TrainingEnd.Cancelled)
        {
            File.Delete(checkpoint);
        }

        return trained.Summary with { Output = asked.Output };
    }
}
