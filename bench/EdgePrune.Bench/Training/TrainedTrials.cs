using System.Diagnostics;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Training;

namespace EdgePrune.Bench;

/// <summary>Prunes, repairs, trains and scores one model.</summary>
/// <param name="model">The model with its samples.</param>
internal sealed class TrainedTrials(RivalModel model)
{
    private readonly LabelEvaluator _evaluator = new(model.Test);

    public double ScoreOriginal() => Score(OnnxFile.ToBytes(model.Model));

    public TrainedDraw Try(TrainedRow row, int seed)
    {
        var watch = Stopwatch.StartNew();
        var pipeline = new CompressionPipeline(model.Model, model.Pool);
        var pruned = pipeline.RunAsync(row.Compression with { Seed = seed, CalibrationSamples = model.Draw }, null, CancellationToken.None).GetAwaiter().GetResult();
        var recipe = row.Recipe with { Training = row.Recipe.Training with { Seed = seed, Threads = 1 } };
        var teacher = recipe.Distillation is null ? null : model.Model;
        var trained = new FineTuner().Run(pruned.Model, model.Pool, new TrainingAids(teacher), recipe).Model;
        var time = watch.Elapsed;
        return new TrainedDraw(pruned.After.Parameters, pruned.After.Macs, Score(pruned.Bytes), Score(OnnxFile.ToBytes(trained)), row.Int8 ? Quantized(trained, seed) : null, time);
    }

    private (double Score, int Bytes) Quantized(Model trained, int seed)
    {
        var samples = SampleSubset.Random(model.Pool, model.Draw, seed);
        var bytes = OnnxFile.ToBytes(StaticQuantizer.Quantize(trained, samples, new QuantizationOptions(), CancellationToken.None).Model);
        return (Score(bytes), bytes.Length);
    }

    private double Score(ReadOnlyMemory<byte> bytes) => _evaluator.EvaluateAsync(bytes, CancellationToken.None).GetAwaiter().GetResult().Score;
}
