using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>What the latency of each precision is predicted to be.</summary>
public sealed class OperatorClockTests
{
    private const double Fast = 1e9;

    // Every multiply-accumulate in float takes a microsecond, in integers half of one.
    private static readonly PerformanceEstimate Computing = new() { Float32GigaMacsPerSecond = 1e-3, Int8GigaMacsPerSecond = 2e-3, BandwidthMBs = Fast, OperatorOverheadMicroseconds = 0, Source = "test" };

    // Every byte takes a microsecond.
    private static readonly PerformanceEstimate Moving = Computing with { Float32GigaMacsPerSecond = Fast, Int8GigaMacsPerSecond = Fast, BandwidthMBs = 1 };

    [Theory]
    [InlineData(Precision.Float32, 1)]
    [InlineData(Precision.Int8, 0.5)]
    [InlineData(Precision.Dynamic, 0.5)]
    [InlineData(Precision.Float16, 1)]
    [InlineData(Precision.Weights8, 1)]
    [InlineData(Precision.Weights4, 1)]
    public void Computing_OfADenseLayer_IsThatOfIntegersWhereProductsAre(Precision precision, double share)
    {
        Assert.Equal(64 * 96 * share, Microseconds(Layer(), Computing, precision), 0.5);
    }

    [Theory]
    [InlineData(Precision.Float32, 4, 4)]
    [InlineData(Precision.Int8, 1, 1)]
    [InlineData(Precision.Dynamic, 1, 4)]
    [InlineData(Precision.Float16, 4, 4)] // Held in 32 bits once it is loaded.
    [InlineData(Precision.Weights8, 1.03125, 4)]
    [InlineData(Precision.Weights4, 0.640625, 4)]
    public void Moving_OfADenseLayer_CountsWeightsAndActivationsEachByItsBytes(Precision precision, double weight, double activation)
    {
        Assert.Equal((64 * 96 * weight) + ((64 + 96) * activation), Microseconds(Layer(), Moving, precision), 0.5);
    }

    [Theory]
    [InlineData(Precision.Float32, false)]
    [InlineData(Precision.Int8, true)]
    [InlineData(Precision.Dynamic, false)]
    [InlineData(Precision.Float16, false)]
    [InlineData(Precision.Weights8, false)]
    [InlineData(Precision.Weights4, false)]
    public void Convolutions_AreReachedByInt8Alone(Precision precision, bool isReached)
    {
        GraphBuilder g = new(3);
        g.Output(g.Conv(g.Input(1, 8, 6, 6), 16, 3));
        var model = g.Build();

        foreach (var board in new[] { Computing, Moving })
        {
            var (plain, other) = (Microseconds(model, board, Precision.Float32), Microseconds(model, board, precision));
            Assert.True(isReached ? other < 0.6 * plain : other == plain, $"{other} of {plain}");
        }
    }

    [Theory]
    [InlineData(Precision.Float32, false)]
    [InlineData(Precision.Int8, false)]
    [InlineData(Precision.Dynamic, true)]
    [InlineData(Precision.Float16, false)]
    [InlineData(Precision.Weights8, false)]
    [InlineData(Precision.Weights4, false)]
    public void RecurrentLayers_AreReachedByDynamicAlone(Precision precision, bool isReached)
    {
        var model = SequenceModels.Recurrent(units: 64);
        var (plain, other) = (Layers(model, Precision.Float32), Layers(model, precision));

        Assert.Equal(isReached, other < 0.6 * plain);
        Assert.Equal(!isReached, other == plain);

        // The layer alone: the rest of the model is others' business.
        static double Layers(Model model, Precision precision)
        {
            var analysis = ModelAnalysis.Of(model);
            var clock = new OperatorClock(Computing, precision, analysis.Shapes);
            return clock.SecondsPerMac(clock.CostOf(analysis.Model.Graph.Nodes.Single(n => n.OperatorType == "LSTM")));
        }
    }

    [Theory]
    [InlineData(Precision.Dynamic)]
    [InlineData(Precision.Weights8)]
    [InlineData(Precision.Weights4)]
    public void LayersTooSmallToConvert_StayInFloat(Precision precision)
    {
        var model = SequenceModels.Dense(16);

        Assert.Equal(Microseconds(model, Moving, Precision.Float32), Microseconds(model, Moving, precision));
        Assert.Equal(Microseconds(model, Computing, Precision.Float32), Microseconds(model, Computing, precision));
    }

    [Theory]
    [InlineData(Precision.Dynamic)]
    [InlineData(Precision.Weights8)]
    [InlineData(Precision.Weights4)]
    [InlineData(Precision.Float16)]
    public void StoredBytes_OfReachedWeights_AreThoseOfTheConvertedFile(Precision precision)
    {
        var analysis = ModelAnalysis.Of(SequenceModels.Dense(320));
        var form = PrecisionTable.Of(precision);
        var constants = analysis.Model.Graph.Initializers;
        var predicted = constants.Sum(v => v.Constant!.Count * (form.Cost.Stores(v, analysis.Shapes) ? form.Cost.StoredBytes : 4));

        var converted = form.Conversion!.Convert(analysis.Model, TestContext.Current.CancellationToken).Model;

        // The last block of an output is filled up, which is not counted.
        Assert.Equal(1, converted.Graph.Initializers.Sum(v => (double)v.Constant!.Bytes.Length) / predicted, 0.1);
    }

    private static Model Layer()
    {
        GraphBuilder g = new(4);
        g.Output(g.MatMul(g.Input(1, 64), 96));
        return g.Build();
    }

    private static double Microseconds(Model model, PerformanceEstimate performance, Precision precision)
    {
        var target = new Target { Name = "t", Title = "T", Architecture = "any", Performance = performance };
        return CostLedger.Footprint(new CostModel(ModelAnalysis.Of(model), target, precision), []).Latency!.Value.TotalMicroseconds;
    }
}
