using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class DataFreeRepairTests
{
    [Theory]
    [InlineData(0.5, 98.2)]
    [InlineData(0.7, 94.0)]
    public async Task L2_WithoutAnySample_MergesChannelsAndKeepsMoreThanL2Alone(double rate, double atLeast)
    {
        var pipeline = new CompressionPipeline(OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx")), null);
        var options = new CompressionOptions { Rate = rate, Scope = PruningScope.PerLayer };

        var (merged, plain) = (await Score(pipeline, options), await Score(pipeline, options with { Repair = false }));

        Assert.True(merged >= atLeast && merged > plain + 0.5, $"{merged} % at rate {rate}, {plain} % without merging.");
    }

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.ConcatInception))]
    [InlineData(nameof(TestModels.SqueezeExcite))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.Attention))]
    [InlineData(nameof(TestModels.Decoder))]
    public async Task Repair_WithoutAnySample_GivesAFiniteModelThatIsNotWorseOnNoise(string name)
    {
        var options = new CompressionOptions { Rate = 0.4, Scope = PruningScope.PerLayer };

        var result = await CompressionPipeline.RunAsync(TestModels.Make(name), null, options, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Recovery!.Samples);
        Assert.True(!result.Recovery.Kept || result.Recovery.ErrorAfter < result.Recovery.ErrorBefore);
        Assert.All(result.Model.Graph.Initializers.Where(v => v.ElementType.IsFloat()), v => Assert.All(v.Constant!.ToFloats(), w => Assert.True(float.IsFinite(w))));
    }

    private static async Task<double> Score(CompressionPipeline pipeline, CompressionOptions options)
    {
        var result = await pipeline.RunAsync(options, null, TestContext.Current.CancellationToken);
        var test = SampleSources.Open(RepositoryFiles.Find("samples/mnist"));
        return (await new LabelEvaluator(test).EvaluateAsync(result.Bytes, TestContext.Current.CancellationToken)).Score;
    }
}
