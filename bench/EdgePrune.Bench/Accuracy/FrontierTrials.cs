using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>Compresses the MNIST sample model and scores it on the 10,000 test digits.</summary>
internal sealed class FrontierTrials
{
    public const int Samples = 512;

    private readonly LabelEvaluator _evaluator = new(Open(SampleSplit.Test));
    private readonly Dictionary<int, CompressionPipeline> _pipelines;
    private AgreementEvaluator? _agreement;

    public FrontierTrials(IReadOnlyList<int> seeds)
    {
        var model = OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));
        var digits = Open(SampleSplit.Train);

        // One a seed: a pipeline keeps the statistics of the samples that its first seed drew.
        _pipelines = seeds.ToDictionary(s => s, _ => new CompressionPipeline(model, digits));
    }

    public async Task<double> ScoreOriginal() =>
        (await _evaluator.EvaluateAsync(OnnxFile.ToBytes(_pipelines.Values.First().Analysis.Model), CancellationToken.None)).Score;

    public Task<(CompressionResult Result, double Score)> Try(FrontierSetting setting, PruningScope scope, double rate, int seed) =>
        Try(setting, scope, (rate, RateUnit.Channels), seed);

    /// <summary>The same with a rate of something else than channels.</summary>
    public async Task<(CompressionResult Result, double Score)> Try(FrontierSetting setting, PruningScope scope, (double Rate, RateUnit Of) share, int seed)
    {
        var options = new CompressionOptions
        {
            Rate = share.Rate,
            RateOf = share.Of,
            Scope = scope,
            Criterion = setting.Criterion,
            Repair = setting.Repair,
            Precision = setting.Precision,
            CalibrationSamples = Samples,
            Seed = seed,
        };
        var result = await _pipelines[seed].RunAsync(options, null, CancellationToken.None);
        return (result, (await _evaluator.EvaluateAsync(result.Bytes, CancellationToken.None)).Score);
    }

    /// <summary>Share of the test digits, in percent, whose class is the original's.</summary>
    public async Task<double> Agreement(CompressionResult result)
    {
        _agreement ??= new AgreementEvaluator(OnnxFile.ToBytes(_pipelines.Values.First().Analysis.Model), Open(SampleSplit.Test));
        return (await _agreement.EvaluateAsync(result.Bytes, CancellationToken.None)).Score;
    }

    private static ISampleSource Open(SampleSplit split) => SampleSources.Open(RepositoryFiles.Find("samples/mnist"), split: split);
}
