using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training.Tests;

/// <summary>Training in this process behind the pipeline's interface.</summary>
public sealed class TorchTrainerTests
{
    private static readonly FineTuneRecipe Recipe = new() { Training = new TrainingOptions { BatchSize = 8, Threads = 1 } };

    [TorchFact]
    public void FineTune_GivesWhatTheFineTunerGives()
    {
        MemorySamples samples = new(24, 4, 6);

        var trained = new TorchTrainer(samples).FineTune(TinyModels.Classifier(), new TrainingAids(), Recipe, null, default);

        Assert.Equal(OnnxFile.ToBytes(new FineTuner().Run(TinyModels.Classifier(), samples, new TrainingAids(), Recipe).Model), OnnxFile.ToBytes(trained.Model));
    }

    [TorchFact]
    public void FineTune_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        var progress = Watch.CancelAt(2, stop);

        Assert.Throws<OperationCanceledException>(() => new TorchTrainer(new MemorySamples(24, 4, 6)).FineTune(TinyModels.Classifier(), new TrainingAids(), Recipe, progress, stop.Token));
    }
}
