using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Host.Tests;

/// <summary>What options and model alone make impossible is said before a device is asked.</summary>
public sealed class TuningStartTests
{
    [Fact]
    public void Of_LimitForNoGroup_IsRefused()
    {
        var options = new TuningOptions { Compression = new CompressionOptions { Limits = [new GroupLimit("no-such-group", 0.5)] } };

        Assert.Contains("no-such-group", Refused(TestModels.MnistCnnLike(), options).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UnsoundOptions_IsRefused() =>
        Assert.Equal(ErrorCode.ImpossibleBudget, Refused(TestModels.MnistCnnLike(), new TuningOptions { MaxDeviceRuns = 1 }).Code);

    [Fact]
    public async Task RunAsync_TrainingWithoutATrainer_IsRefusedBeforeTheDeviceIsAsked()
    {
        using var bundler = new PlainBundler();
        var (model, device) = (TestModels.MnistCnnLike(), new SyntheticDevice(10));
        var samples = RandomSamples.For(model, 8);
        var loop = new TuningLoop(device, bundler, new AgreementEvaluator(OnnxFile.ToBytes(model), samples), new FakeTimeProvider());
        var options = new TuningOptions { Compression = new CompressionOptions { Recovery = new RecoveryChoice(RecoveryKind.Distill, new FineTuneRecipe()) } };

        var refused = await Assert.ThrowsAsync<InputException>(() => loop.RunAsync(model, samples, options, null, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.TrainingUnavailable, refused.Code);
        Assert.Equal(0, device.Measurements);
    }

    [Fact]
    public void Of_SizesThatOnlySamplesKnow_AreTheOriginals()
    {
        GraphBuilder g = new(1);
        var x = g.Input(ElementType.Float32, [new Dim(null, "batch"), new Dim(null, "length"), Dim.FromInt64(6)]);
        g.Output(g.MatMul(g.Relu(g.MatMul(x, 8)), 3));
        var model = g.Build();
        var start = TuningStart.Of(model, new RandomSamples(8, 5, 6), new TuningOptions(), TestContext.Current.CancellationToken);

        // What is measured of the original must be what its candidates, fixed to the samples, are held against.
        Assert.Equal([null, 5, 6], start.Model.Graph.FedInputs.Single().DeclaredShape!.Select(d => d.Size));
        Assert.Equal([null, null, 6], model.Graph.FedInputs.Single().DeclaredShape!.Select(d => d.Size));
    }

    private static InputException Refused(Model model, TuningOptions options) =>
        Assert.Throws<InputException>(() => TuningStart.Of(model, RandomSamples.For(model, 8), options, TestContext.Current.CancellationToken));
}
