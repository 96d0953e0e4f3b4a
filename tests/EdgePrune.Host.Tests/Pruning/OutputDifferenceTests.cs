using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class OutputDifferenceTests
{
    [Theory]
    [InlineData(0f, 0.0)]
    [InlineData(0.5f, 0.125)]
    [InlineData(float.NaN, double.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, double.PositiveInfinity)]
    public void Relative_OfOneOtherElement_IsItsDifferenceOverTheLargest(float added, double expected)
    {
        float[] values = [.. Enumerable.Range(0, 600).Select(i => i == 0 ? 4f : 1f)];
        var other = values.ToArray();
        other[599] += added;

        Assert.Equal(expected, Relative(Tensor.Of([600], values), Tensor.Of([600], other)), 1e-9);
    }

    [Fact]
    public void Relative_OfEqualInfinitiesAndNoNumbers_IsZero()
    {
        var tensor = Tensor.Of([3], [float.PositiveInfinity, float.NaN, 1]);

        Assert.Equal(0, Relative(tensor, tensor));
    }

    [Fact]
    public void Relative_OfOtherShapes_IsInfinite() =>
        Assert.Equal(double.PositiveInfinity, Relative(Tensor.Of([2], [1f, 1f]), Tensor.Of([1], [1f])));

    private static double Relative(Tensor expected, Tensor actual)
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("l2"), 1).Plan(new PlanOptions(0, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1));
        var difference = new OutputDifference(analysis.Model.Graph.Outputs[0], new RemovedChannels(analysis, plan));
        difference.Add(expected, actual);
        return difference.Relative;
    }
}
