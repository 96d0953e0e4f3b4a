using System.IO.Compression;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class ResNetAllocationTests
{
    private const int Pixels = 3 * 32 * 32;

    [Fact]
    public async Task Plan_OfHalfTheOperationsBySensitivity_LosesLessThanTheSameRateEverywhere()
    {
        Assert.SkipUnless(DevelopmentData.Folder is not null, DevelopmentData.MissingReason);
        var cancellationToken = TestContext.Current.CancellationToken;
        var model = OnnxFile.Read(Path.Combine(DevelopmentData.Folder, "cifar10_resnet20.onnx"));
        var pipeline = new CompressionPipeline(model, Images("train", 192));
        using var evaluator = new AgreementEvaluator(OnnxFile.ToBytes(model), Images("test", 300));
        var uniform = new CompressionOptions { Rate = 0.5, RateOf = RateUnit.Macs, Scope = PruningScope.PerLayer, CalibrationSamples = 192 };
        var sensitivity = new SensitivityOptions { Rates = [0.25, 0.5, 0.75], Samples = 96, Compression = uniform };
        var curves = await pipeline.MeasureSensitivityAsync(sensitivity, null, null, cancellationToken);

        async Task<double> Score(CompressionOptions options)
        {
            var result = await pipeline.RunAsync(options, null, cancellationToken);
            Assert.InRange((double)result.After.Macs / result.Before.Macs, 0.47, 0.5);
            return (await evaluator.EvaluateAsync(result.Bytes, cancellationToken)).Score;
        }

        var everywhere = await Score(uniform);
        var measured = await Score(uniform with { Scope = PruningScope.Global, Allocation = RateAllocation.Sensitivity, Sensitivity = curves });

        Assert.True(measured > everywhere, $"{measured:0.0} % agree, {everywhere:0.0} % with the same rate everywhere.");
    }

    private static CifarImages Images(string set, int count)
    {
        float[] mean = [0.485f, 0.456f, 0.406f];
        float[] deviation = [0.229f, 0.224f, 0.225f];
        using var stream = new GZipStream(File.OpenRead(Path.Combine(DevelopmentData.Folder!, $"cifar10_{set}_2000.bin.gz")), CompressionMode.Decompress);
        var bytes = new byte[count * (Pixels + 1)];
        stream.ReadExactly(bytes);
        return new CifarImages(count, (image, i) => ((bytes[(image * (Pixels + 1)) + 1 + i] / 255f) - mean[i / 1024]) / deviation[i / 1024]);
    }

    private sealed class CifarImages(int count, Func<int, int, float> value) : ISampleSource
    {
        public int Count => count;

        public IReadOnlyList<int>? Labels => null;

        public IReadOnlyList<SampleInput> Inputs { get; } =
        [
            new(null, [3, 32, 32], (index, to) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = value(index, i);
                }
            }),
        ];
    }
}
