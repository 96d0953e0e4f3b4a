using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class MemoryRuleTests
{
    private static MemoryPrediction Predict(MemoryRule rule, Func<GraphBuilder, Value> body)
    {
        var g = new GraphBuilder(1);
        g.Output(body(g));
        return rule.Predict(ModelAnalysis.Of(g.Build()));
    }

    private static Value TwoConvolutions(GraphBuilder g) => g.Conv(g.Conv(g.Input(1, 4, 8, 8), 16, kernel: 3, bias: false), 8, kernel: 1, bias: false);

    private static Value TwoMatrices(GraphBuilder g) => g.Gemm(g.Gemm(g.Input(1, 100), 50), 10);

    private const long First = 16 * 4 * 3 * 3 * 4;
    private const long Second = 8 * 16 * 4;

    [Fact]
    public void Predict_OfConvolutionsOnX64_HoldsThemThreeTimes()
    {
        var prediction = Predict(MemoryRule.X64, TwoConvolutions);
        Assert.Equal(First + Second, prediction.Weights.Bytes);
        Assert.Equal(2 * (First + Second), prediction.Copies.Bytes);
    }

    [Fact]
    public void Predict_OfConvolutionsOnArm64_HoldsOnlyTheLargestTwice()
    {
        var prediction = Predict(MemoryRule.Arm64, TwoConvolutions);
        Assert.Equal(First + Second, prediction.Weights.Bytes);
        Assert.Equal(First, prediction.Copies.Bytes);
    }

    [Fact]
    public void Predict_OfConvolutionsWithBatchNormalizationOnArm64_CountsThatTheirWeightsAreRewritten()
    {
        var plain = Predict(MemoryRule.Arm64, TwoConvolutions);
        var normalized = Predict(MemoryRule.Arm64, g => g.BatchNorm(g.Conv(g.Conv(g.Input(1, 4, 8, 8), 16, kernel: 3, bias: false), 8, kernel: 1, bias: false)));
        Assert.Equal(First, plain.Copies.Bytes);
        Assert.Equal(First + (Second * 3 / 2), normalized.Copies.Bytes);
    }

    [Fact]
    public void Predict_OfIntegerConvolutions_HoldsThemThreeTimesOnBothAndNotAsFloats()
    {
        var g = new GraphBuilder(1);
        g.Output(g.Relu(g.Conv(g.Relu(g.Conv(g.Input(1, 16, 16, 16), 32, kernel: 3)), 64, kernel: 3)));
        var quantized = StaticQuantizer.Quantize(g.Build(), new RandomSamples(4, 16, 16, 16), new QuantizationOptions(), TestContext.Current.CancellationToken).Model;
        var analysis = ModelAnalysis.Of(OnnxFile.Read(OnnxFile.ToBytes(quantized)));
        const long Integers = (16 * 32 * 9) + (32 * 64 * 9);
        foreach (var rule in MemoryRule.All)
        {
            // Scales and biases are the rest; the largest of them is a bias of 64 32-bit integers.
            Assert.InRange(rule.Predict(analysis).Copies.Bytes, 2 * Integers, (2 * Integers) + (64 * 4));
        }

        // The last two activations are 64 channels of 16 by 16 floats each; with a weight as floats among them there would be more.
        Assert.InRange(MemoryRule.X64.Predict(analysis).Activations.Bytes, 1, 2 * 64 * 256 * 4);
    }

    [Fact]
    public void Predict_OfMatrices_HoldsTheLargestTwiceOnBoth()
    {
        Assert.Equal(100 * 50 * 4, Predict(MemoryRule.X64, TwoMatrices).Copies.Bytes);
        Assert.Equal(100 * 50 * 4, Predict(MemoryRule.Arm64, TwoMatrices).Copies.Bytes);
    }

    [Fact]
    public void Predict_OfAnyModel_IsTheSumOfItsParts()
    {
        var prediction = Predict(MemoryRule.X64, TwoConvolutions);
        // Both activations of the second convolution: 16 and 8 channels of 8 by 8.
        Assert.Equal((16 + 8) * 64 * 4, prediction.Activations.Bytes);
        Assert.Equal(prediction.Runtime.Bytes + prediction.Weights.Bytes + prediction.Copies.Bytes + prediction.Activations.Bytes, prediction.Peak.Bytes);
        Assert.Equal("x64", prediction.Architecture);
    }

    [Fact]
    public void Predict_OfAModelWithoutWeights_IsRuntimeAndActivations()
    {
        var prediction = Predict(MemoryRule.X64, g => g.Relu(g.Input(1, 16)));
        Assert.Equal(0, prediction.Copies.Bytes);
        Assert.Equal(MemoryRule.X64.Runtime.Bytes + (2 * 16 * 4), prediction.Peak.Bytes);
    }

    [Theory]
    [InlineData("arm64", "arm64")]
    [InlineData("x64", "x64")]
    public void For_AnArchitectureWithARule_IsThatRule(string architecture, string expected) => Assert.Equal(expected, MemoryRule.For(architecture).Architecture);

    [Fact]
    public void For_Any_IsTheRuleOfThisMachine() => Assert.Same(MemoryRule.OfThisMachine, MemoryRule.For("any"));
}
