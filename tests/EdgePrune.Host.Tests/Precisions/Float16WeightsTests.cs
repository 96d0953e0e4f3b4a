using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class Float16WeightsTests
{
    [Fact]
    public void Convert_ALargeModel_IsHalfAsLargeAndFloatOnceLoaded()
    {
        var model = TestModels.MnistCnnLike();
        var converted = ConversionChecks.Convert("float16", model);
        var (before, after) = (OnnxFile.ToBytes(ModelNormalizer.Normalize(model)).Length, OnnxFile.ToBytes(converted.Model).Length);
        var optimized = OptimizedGraph.Read(converted.Model);

        Assert.InRange((double)after / before, 0.45, 0.75);
        Assert.Equal(0, optimized.Nodes.Count(n => n.OperatorType == "Cast"));
        Assert.DoesNotContain(optimized.Initializers, v => v.ElementType == ElementType.Float16);
    }

    [Fact]
    public void Convert_ValuesThatHalvesHold_ChangeNothing()
    {
        float[] weights = [.. Enumerable.Range(0, 256).Select(i => (i - 128) / 64f)];
        var model = ConversionChecks.Dense(16, 16, weights);
        var converted = ConversionChecks.Convert("float16", model);

        Assert.Equal(0, Assert.Single(converted.Report.Nodes).WeightError);
        Assert.InRange(ConversionChecks.OutputError(model, converted.Model), 0, 0);
    }

    [Theory]
    [InlineData(65504f, "float16")]
    [InlineData(65505f, "float32")]
    [InlineData(-1e6f, "float32")]
    public void Convert_ValuesBeyondTheRange_AreCountedAndTheWeightStays(float value, string precision)
    {
        var weights = ConversionChecks.Weights(256);
        (weights[3], weights[5]) = (value, value);

        var node = Assert.Single(ConversionChecks.Convert("float16", ConversionChecks.Dense(16, 16, weights)).Report.Nodes);

        Assert.Equal(precision, node.Precision);
        Assert.Equal(precision == "float32", node.Reason.Contains("2 of 256 values are beyond 65504", StringComparison.Ordinal));
    }

    [Fact]
    public void Convert_WeightOfTinyValues_StaysWithTheirNumber()
    {
        float[] weights = [.. ConversionChecks.Weights(256).Select(w => w * 1e-6f)];

        var node = Assert.Single(ConversionChecks.Convert("float16", ConversionChecks.Dense(16, 16, weights)).Report.Nodes);

        Assert.Equal("float32", node.Precision);
        Assert.Contains("256 of 256 values are below 2^-14", node.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_AFewTinyValuesAmongOthers_AreCountedAndStored()
    {
        var weights = ConversionChecks.Weights(256);
        Array.Fill(weights, 1e-6f, 0, 9);

        var node = Assert.Single(ConversionChecks.Convert("float16", ConversionChecks.Dense(16, 16, weights)).Report.Nodes);

        Assert.Equal("float16", node.Precision);
        Assert.Contains("9 of 256 values are below 2^-14", node.Reason, StringComparison.Ordinal);
    }
}
