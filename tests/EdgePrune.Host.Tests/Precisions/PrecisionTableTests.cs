using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class PrecisionTableTests
{
    private static readonly TargetCatalog Targets = TargetCatalog.Default();

    [Fact]
    public void All_Precisions_HaveOneLineEach_WithNamesAndStylesOfTheirOwn()
    {
        Assert.Equal(Enum.GetValues<Precision>(), PrecisionTable.All.Select(f => f.Precision));
        Assert.All(PrecisionTable.All, f => Assert.Same(f, PrecisionTable.Of(f.Precision)));
        Assert.All(PrecisionTable.All, f => Assert.Same(f, PrecisionTable.Find(f.Name)));
        Assert.Equal(PrecisionTable.All.Count, PrecisionTable.All.Select(f => f.Name).Distinct().Count());
        Assert.Equal(PrecisionTable.All.Count, PrecisionTable.All.Select(f => f.Style).Append("s3").Distinct().Count() - 1);
        Assert.All(PrecisionTable.All.Where(f => f.Conversion is not null), f => Assert.Equal(f.Name, f.Conversion!.Name));
    }

    [Fact]
    public void Precision_AsJson_HasTheNamesOfEarlierReports()
    {
        Assert.Equal(["Float32", "Int8", "Dynamic", "Float16", "Weights8", "Weights4"], Enum.GetNames<Precision>());
    }

    [Fact]
    public void Find_UnknownName_SaysWhichThereAre()
    {
        var error = Assert.Throws<InputException>(() => PrecisionTable.Find("bfloat16"));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains("float32, int8, dynamic, float16, weights8, weights4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MnistCnnLike")]
    [InlineData("ResidualBlocks")]
    [InlineData("DepthwiseSeparable")]
    [InlineData("SqueezeExcite")]
    [InlineData("GroupedConv")]
    public void Suiting_ModelOfConvolutions_IsFloatAndInt8_OnEveryTarget(string name)
    {
        var analysis = ModelAnalysis.Of(TestModels.Make(name));

        foreach (var target in Targets.Targets.Append(null))
        {
            Assert.Equal([Precision.Float32, Precision.Int8], PrecisionTable.Suiting(analysis, target));
        }
    }

    [Fact]
    public void Suiting_TheSample_IsFloatAndInt8()
    {
        // 95 % of its weights are in Gemm, but its time goes into convolutions.
        var analysis = ModelAnalysis.Of(OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx")));

        Assert.Equal([Precision.Float32, Precision.Int8], PrecisionTable.Suiting(analysis, Targets.Find("raspberry-pi-5")));
    }

    [Theory]
    [InlineData("LSTM", true)]
    [InlineData("GRU", false)] // Its weights have no kernel that rounds as it goes.
    public void Suiting_RecurrentModel_IsDynamicWhereItsWeightsCanBeRounded(string type, bool isDynamic)
    {
        Precision[] expected = [Precision.Float32, Precision.Int8, .. isDynamic ? new[] { Precision.Dynamic } : []];

        Assert.Equal(expected, PrecisionTable.Suiting(ModelAnalysis.Of(SequenceModels.Recurrent(type)), null));
    }

    [Theory]
    [InlineData(64, new[] { Precision.Float32, Precision.Int8, Precision.Dynamic })]
    [InlineData(256, new[] { Precision.Float32, Precision.Int8, Precision.Dynamic, Precision.Weights8, Precision.Weights4 })]
    public void Suiting_ModelOfAttention_IsDynamic_AndWeightsWhereTheyAreLarge(int width, Precision[] expected)
    {
        Assert.Equal(expected, PrecisionTable.Suiting(ModelAnalysis.Of(SequenceModels.Encoder(width)), null));
    }

    [Theory]
    [InlineData(32, new[] { Precision.Float32, Precision.Int8 })]
    [InlineData(320, new[] { Precision.Float32, Precision.Int8, Precision.Weights8, Precision.Weights4 })]
    public void Suiting_PlainLayers_AreNotDynamic_AsCalibratedRangesServeThem(int width, Precision[] expected)
    {
        Assert.Equal(expected, PrecisionTable.Suiting(ModelAnalysis.Of(SequenceModels.Dense(width)), null));
    }

    [Theory]
    [InlineData("raspberry-pi-5", true)]
    [InlineData("compute-module-5", true)]
    [InlineData("raspberry-pi-4", false)]
    [InlineData("raspberry-pi-zero-2w", false)]
    [InlineData("generic-arm64", false)] // Unknown is no promise.
    [InlineData("this-machine", false)]
    public void Suiting_HalfPrecision_NeedsATargetThatDeclaresIt(string target, bool isHalf)
    {
        Assert.Equal(isHalf, PrecisionTable.Suiting(ModelAnalysis.Of(SequenceModels.Encoder()), Targets.Find(target)).Contains(Precision.Float16));
    }

    [Fact]
    public void Trial_OfAnyPrecision_IsWrittenAndReadByItsName()
    {
        foreach (var form in PrecisionTable.All)
        {
            var trial = Reports.Converged().Trials[0] with { Precision = form.Precision };
            var text = JsonSerializer.Serialize(trial, HostJson.Default.Trial);

            Assert.Contains($"\"precision\": \"{form.Precision}\"", text, StringComparison.Ordinal);
            Assert.Equal(form.Precision, JsonSerializer.Deserialize(text, HostJson.Default.Trial)!.Precision);
        }
    }
}
