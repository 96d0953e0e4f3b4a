using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Studies of other precisions than float32 and int8.</summary>
public sealed class StudyPrecisionTests : IDisposable
{
    private static readonly StudyOptions Every = StudyBench.Options with { Methods = [StudyMethod.Structured], Epochs = [0, 1], Precisions = [.. Enum.GetValues<Precision>()] };

    private readonly StudyBench _bench = new() { Model = SequenceModels.Dense(320) };

    [Fact]
    public async Task Run_EveryPrecision_MakesEachOfTheSameFloatModel()
    {
        var report = await _bench.RunAsync(Every);

        Assert.All(report.Cells, c => Assert.Null(c.Failure));
        Assert.Empty(report.Notes);
        Assert.Single(_bench.Trainer.Calls);
        Assert.Equal(3 * PrecisionTable.All.Count, report.Rows.Count);
        Assert.Equal(report.Rows.Count, _bench.Evaluator.Calls);
        Assert.Equal(report.Rows.Count, report.Cells.Select(c => c.Figures!.ModelSha256).Distinct().Count());
        foreach (var group in report.Rows.GroupBy(r => (r.Rate, r.Epochs)))
        {
            var size = group.ToDictionary(r => r.Precision, r => r.FileBytes!.Value);
            Assert.Single(group.Select(r => r.Parameters).Distinct());
            Assert.True(size[Precision.Weights4] < size[Precision.Weights8] && size[Precision.Weights8] < size[Precision.Float16] && size[Precision.Float16] < size[Precision.Float32]);
            Assert.True(size[Precision.Dynamic] < size[Precision.Float16] && size[Precision.Int8] < size[Precision.Float16]);
        }
    }

    [Fact]
    public async Task Run_WithAPrecisionMore_MeasuresItAlone()
    {
        await _bench.RunAsync(Every with { Precisions = [Precision.Float32, Precision.Int8] });
        var (scored, trained) = (_bench.Evaluator.Calls, _bench.Trainer.Calls.Count);

        await _bench.RunAsync(Every with { Precisions = [Precision.Float32, Precision.Int8, Precision.Dynamic] });

        Assert.Equal((scored + 3, trained), (_bench.Evaluator.Calls, _bench.Trainer.Calls.Count));
    }

    [Theory]
    [InlineData("signs")]
    [InlineData("samples")]
    [InlineData("seed")]
    public async Task Run_WithAnotherCalibration_MeasuresNoConversionOfTheOriginalAgain(string change)
    {
        var options = Every with { Rates = [0.5], Methods = [StudyMethod.Unstructured], Epochs = [0] };
        await _bench.RunAsync(options);
        var scored = _bench.Evaluator.Calls;

        await _bench.RunAsync(change switch
        {
            "signs" => options with { SignedActivations = false },
            "samples" => options with { CalibrationSamples = 12 },
            _ => options with { Seeds = [2] },
        });

        Assert.Equal(2, _bench.Evaluator.Calls - scored);
    }

    [Fact]
    public async Task Run_APrecisionThatChangesNothing_SaysSoAndIsFloat()
    {
        _bench.Model = SequenceModels.Dense(16);

        var report = await _bench.RunAsync(Every with { Precisions = [Precision.Weights4], Epochs = [0] });
        var again = await _bench.RunAsync(Every with { Precisions = [Precision.Weights4], Epochs = [0] });

        var note = Assert.Single(report.Notes, n => n.StartsWith("'original + weights4' is in float: ", StringComparison.Ordinal));
        Assert.Contains("below 1024 nothing is gained", note, StringComparison.Ordinal);
        Assert.Equal(report.Notes, again.Notes);
    }

    [Fact]
    public void Keys_OfFloatAndInt8_AreThoseOfEarlierVersions()
    {
        var model = TestModels.MnistCnnLike();
        var inputs = new StudyInputs { Model = model, Fitted = RandomSamples.For(model, 32), Evaluator = new StudyBench.CountingEvaluator(), Folder = _bench.Folder };
        var options = StudyBench.Options.Complete();
        var keys = new StudyKeys(inputs, options);

        string[] expected =
        [
            "original: e4ce55c093c7c8848c5e40e2e94a802b",
            "original + int8: 731c064bab41c5535e8520d95b030e64",
            "unstructured 50 %: 7724c45bfcb54de9cb4a100832fcf18a",
            "unstructured 50 % + 2 epochs + int8: a85218ef91a8322a707a342084f2680d",
            "structured 50 % + 1 epoch: 16ffeaa04dd934473d50350aef1cde8e",
            "structured 50 % + int8: de6242d242d248f382fb8690beadb02e",
        ];
        Assert.Equal(expected, StudyGrid.Expand(options).Select(c => $"{c.Name}: {keys.Of(c)}").Where(expected.Contains));
    }

    [Fact]
    public void Keys_OfPrecisions_DifferFromEachOther()
    {
        var model = TestModels.MnistCnnLike();
        var inputs = new StudyInputs { Model = model, Fitted = RandomSamples.For(model, 4), Evaluator = new StudyBench.CountingEvaluator(), Folder = _bench.Folder };
        var keys = new StudyKeys(inputs, StudyBench.Options.Complete());

        Assert.Equal(PrecisionTable.All.Count, PrecisionTable.All.Select(f => keys.Of(new StudyCase(StudyMethod.Original, 0, 0, f.Precision, 1))).Distinct().Count());
    }

    public void Dispose() => _bench.Dispose();
}
