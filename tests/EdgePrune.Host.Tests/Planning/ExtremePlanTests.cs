using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class ExtremePlanTests
{
    public static TheoryData<string> Fixtures() => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Run_AtRateZero_GivesTheNormalisedModelByteForByte(string name)
    {
        var pipeline = new CompressionPipeline(TestModels.Make(name), null);

        var result = await pipeline.RunAsync(new CompressionOptions { Rate = 0 }, null, TestContext.Current.CancellationToken);

        Assert.Equal(OnnxFile.ToBytes(pipeline.Analysis.Model), result.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Run_ToTheMinimum_LeavesAModelThatRunsAndCanBePrunedNoFurther(string name)
    {
        foreach (var scope in Enum.GetValues<PruningScope>())
        {
            var pipeline = new CompressionPipeline(TestModels.Make(name), null);
            if (pipeline.Analysis.Groups.Count == 0)
            {
                continue;
            }

            var least = new CompressionOptions { Rate = 0.99, MaxGroupRate = 0.99, Scope = scope };
            var result = await pipeline.RunAsync(least, null, TestContext.Current.CancellationToken);

            Assert.All(pipeline.Analysis.Groups.Zip(result.Widths), p => Assert.Equal(p.First.Blocks, p.Second.After));
            Assert.Equal(result.After.Macs, result.Plan.After!.Macs);
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Run_OnAPrunedModel_PrunesItAgain(string name)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var pipeline = new CompressionPipeline(TestModels.Make(name), null);
        if (pipeline.Analysis.Groups.Count == 0)
        {
            return;
        }

        var once = await pipeline.RunAsync(new CompressionOptions { Rate = 0.3 }, null, cancellationToken);
        var again = new CompressionPipeline(OnnxFile.Read(once.Bytes.Span), null);
        var twice = await again.RunAsync(new CompressionOptions { Rate = 0.5 }, null, cancellationToken);

        Assert.True(twice.After.Macs < once.After.Macs, $"{twice.After.Macs} of {once.After.Macs} operations stay.");
    }

    [Fact]
    public async Task Run_WithTheSameSeed_GivesTheSameBytes_AndAnotherSeedOthers()
    {
        var model = TestModels.ResidualBlocks();
        var samples = RandomSamples.For(model, 96);
        var options = new CompressionOptions { Criterion = "random", CalibrationSamples = 48, RateOf = RateUnit.Macs };

        Task<CompressionResult> Run(int seed) => CompressionPipeline.RunAsync(model, samples, options with { Seed = seed }, null, TestContext.Current.CancellationToken);

        Assert.Equal((await Run(3)).Bytes.ToArray(), (await Run(3)).Bytes.ToArray());
        Assert.NotEqual((await Run(3)).Bytes.ToArray(), (await Run(4)).Bytes.ToArray());
    }
}
