using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Pruning, then any precision.</summary>
public sealed class PipelinePrecisionTests
{
    [Theory]
    [InlineData(Precision.Float16, "Cast", 0.52, 2e-3)]
    [InlineData(Precision.Dynamic, "MatMulInteger", 0.35, 0.1)]
    [InlineData(Precision.Weights8, "MatMulNBits", 0.4, 0.02)]
    [InlineData(Precision.Weights4, "MatMulNBits", 0.25, 0.3)]
    public async Task Run_ConversionAfterPruning_IsThePrunedModelInThatPrecision(Precision precision, string type, double size, double error)
    {
        var model = SequenceModels.Dense(320);
        var samples = RandomSamples.For(model, 48);
        var options = new CompressionOptions { Rate = 0.4 };

        var plain = await CompressionPipeline.RunAsync(model, samples, options, null, TestContext.Current.CancellationToken);
        var converted = await CompressionPipeline.RunAsync(model, samples, options with { Precision = precision }, null, TestContext.Current.CancellationToken);

        Assert.Equal(precision, converted.Precision);
        Assert.Equal(plain.After.Parameters, converted.After.Parameters);
        Assert.True(converted.After.Parameters < converted.Before.Parameters);
        Assert.Equal(plain.Widths, converted.Widths);
        Assert.Contains(converted.Model.Graph.Nodes, n => n.OperatorType == type);
        Assert.True(converted.Bytes.Length < size * plain.Bytes.Length, $"{converted.Bytes.Length} of {plain.Bytes.Length}");
        Assert.InRange(ConversionChecks.OutputError(plain.Model, converted.Model), 1e-9, error);
        Assert.Equal(PrecisionTable.Of(precision).Name, converted.Conversion!.Precision);
        Assert.Null(converted.Quantization);
        Assert.Equal((Precision.Float32, precision), (plain.Plan.Precision, converted.Plan.Precision));
    }

    [Theory]
    [InlineData(Precision.Float16)]
    [InlineData(Precision.Dynamic)]
    public async Task Run_Twice_GivesTheSameBytes_AndNeedsNoSamples(Precision precision)
    {
        var options = new CompressionOptions { Rate = 0.3, Precision = precision };

        var first = await CompressionPipeline.RunAsync(SequenceModels.Dense(64), null, options, null, TestContext.Current.CancellationToken);
        var second = await CompressionPipeline.RunAsync(SequenceModels.Dense(64), null, options, null, TestContext.Current.CancellationToken);

        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
    }

    [Fact]
    public async Task Run_NothingToConvert_IsFloat32()
    {
        var result = await CompressionPipeline.RunAsync(SequenceModels.Dense(16), null, new CompressionOptions { Rate = 0, Precision = Precision.Weights4 }, null, TestContext.Current.CancellationToken);

        Assert.Equal(Precision.Float32, result.Precision);
        Assert.True(result.Conversion!.IsEmpty);
    }

    [Fact]
    public async Task Run_RecurrentUnitsThenDynamic_RunsOnFewerUnits()
    {
        var model = SequenceModels.Recurrent(units: 48);
        var options = new CompressionOptions { Rate = 0.25, Precision = Precision.Dynamic };

        var result = await CompressionPipeline.RunAsync(model, RandomSamples.For(model, 32), options, null, TestContext.Current.CancellationToken);

        var layer = Assert.Single(result.Model.Graph.Nodes, n => n.OperatorType == "DynamicQuantizeLSTM");
        Assert.InRange(layer.Int("hidden_size", 0), 1, 47);
    }
}
