using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary><c>finetune</c>: reads a model and what training takes along, fine-tunes, and writes the model.</summary>
internal sealed class FineTuneVerb : ITrainingVerb
{
    public TrainingFinished Run(TrainingRequest request, IProgress<TrainingLine> progress, CancellationToken cancellation)
    {
        var asked = (FineTuneRequest)request;
        var aids = new TrainingAids(asked.Teacher is null ? null : OnnxFile.Read(asked.Teacher), asked.Mask is null ? null : SparsityMaskFile.Load(asked.Mask));
        var settings = new FineTuneSettings { Validation = asked.Validation?.Open(), Checkpoint = asked.Checkpoint, Progress = progress };
        var trained = new FineTuner().Run(OnnxFile.Read(asked.Model), asked.Samples.Open(), aids, asked.Recipe, settings, cancellation);
        OnnxFile.Write(trained.Model, asked.Output);
        if (asked.Checkpoint is { } checkpoint && trained.Summary.End != TrainingEnd.Cancelled)
        {
            File.Delete(checkpoint);
        }

        return trained.Summary with { Output = asked.Output };
    }
}
