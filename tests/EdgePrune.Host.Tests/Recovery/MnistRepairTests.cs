using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class MnistRepairTests
{
    [Theory]
    [InlineData(0.3, 99.0)]
    [InlineData(0.5, 98.8)]
    [InlineData(0.7, 97.5)]
    public async Task L2_RepairedOn512UnlabelledDigits_KeepsItsAccuracy(double rate, double atLeast)
    {
        var model = OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));
        var train = SampleSources.Open(RepositoryFiles.Find("samples/mnist"), split: SampleSplit.Train);
        var test = SampleSources.Open(RepositoryFiles.Find("samples/mnist"));
        var options = new CompressionOptions { Rate = rate, Scope = PruningScope.PerLayer, CalibrationSamples = 512 };

        var result = await CompressionPipeline.RunAsync(model, train, options, null, TestContext.Current.CancellationToken);
        var score = await new LabelEvaluator(test).EvaluateAsync(result.Bytes, TestContext.Current.CancellationToken);

        Assert.Equal(10_000, score.Samples);
        Assert.True(score.Score >= atLeast, $"{score.Score} % at rate {rate}; at least {atLeast} % is promised.");
    }
}
