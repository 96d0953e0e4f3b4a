using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class MnistQuantizationTests
{
    private const int Digits = 2000;
    private static readonly Lazy<Model> Float = new(() => OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx")));
    private static readonly Lazy<QuantizedModel> Int8 = new(() => QuantizedRun.Quantize(Float.Value, MnistDigits.Train(512)));

    [Fact]
    public void Quantize_SampleModel_KeepsAccuracyWithinATenthOfAPoint()
    {
        var digits = MnistDigits.Test(Digits);
        var (before, after) = (QuantizedRun.Outputs(Float.Value, digits), QuantizedRun.Outputs(Int8.Value.Model, digits));
        var (classesBefore, classesAfter) = (QuantizedRun.Classes(before, 10), QuantizedRun.Classes(after, 10));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"float {Accuracy(classesBefore, digits):0.00}, int8 {Accuracy(classesAfter, digits):0.00}, "
            + $"agree {classesBefore.Zip(classesAfter).Count(p => p.First == p.Second)}, max change {before.Zip(after).Max(p => Math.Abs(p.First - p.Second)):0.000}, "
            + $"bytes {OnnxFile.ToBytes(Int8.Value.Model).Length}, sqnr {QuantizedRun.Sqnr(Float.Value, Int8.Value.Model, digits):0.0}");
        Assert.InRange(Accuracy(classesAfter, digits), Accuracy(classesBefore, digits) - 0.1, 100);
        Assert.InRange(classesBefore.Zip(classesAfter).Count(p => p.First == p.Second), Digits - 4, Digits);
    }

    [Fact]
    public void Quantize_SampleModel_IsAQuarterOfTheSize() =>
        Assert.InRange(OnnxFile.ToBytes(Int8.Value.Model).Length, 421_642, 432_000);

    [Fact]
    public void Quantize_SampleModel_RunsAllWeightedOperatorsAsIntegerKernels()
    {
        Assert.Equal(0, Int8.Value.Report.FloatNodes);
        Assert.InRange(Int8.Value.Report.IntegerNodes, 4, 10);
        Assert.Equal(10, Int8.Value.Report.Nodes.Count);
        Assert.All(Int8.Value.Report.Nodes, n => Assert.Equal(Precision.Int8, n.Precision));
    }

    [Fact]
    public void Quantize_ReluOutputs_HaveTheLowestZeroPoint()
    {
        var graph = Int8.Value.Model.Graph;
        var afterRelu = graph.Nodes.Where(n => n.OperatorType == "QuantizeLinear" && n.Input(0)!.Producer is { OperatorType: "Relu" }).ToList();

        Assert.Equal(3, afterRelu.Count);
        Assert.All(afterRelu, n => Assert.Equal(sbyte.MinValue, n.Input(2)!.Constant!.Span<sbyte>()[0]));
    }

    [Fact]
    public void Quantize_TheSameTwice_GivesTheSameBytes() =>
        Assert.Equal(OnnxFile.ToBytes(Int8.Value.Model), OnnxFile.ToBytes(QuantizedRun.Quantize(Float.Value, MnistDigits.Train(512)).Model));

    [Fact]
    public void Quantize_Percentile_KeepsAccuracyWithinThreeTenthsOfAPoint()
    {
        var digits = MnistDigits.Test(Digits);
        var result = QuantizedRun.Quantize(Float.Value, MnistDigits.Train(256), new QuantizationOptions { Method = CalibrationMethod.Percentile });
        var (before, after) = (QuantizedRun.Outputs(Float.Value, digits), QuantizedRun.Outputs(result.Model, digits));

        Assert.Equal(CalibrationMethod.Percentile, result.Report.Calibration);
        Assert.Equal(256, result.Report.Samples);
        Assert.InRange(Accuracy(QuantizedRun.Classes(after, 10), digits), Accuracy(QuantizedRun.Classes(before, 10), digits) - 0.3, 100);
    }

    private static double Accuracy(int[] classes, MnistDigits digits) =>
        100.0 * classes.Zip(digits.Labels).Count(p => p.First == p.Second) / classes.Length;
}
