using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class SparsityMaskTests
{
    [Fact]
    public void Mask_PrintedAndParsed_SetsTheSameWeightsToZero()
    {
        var model = TestModels.MnistCnnLike();
        var result = Sparsifier.Apply(model, null, new SparsityOptions { Rate = 0.7 }, null, CancellationToken.None);
        var text = SparsityMaskFile.Print(result.Mask);
        var again = model.Clone();
        SparsityMaskFile.Parse(text).ApplyTo(again);

        Assert.Equal(result.Bytes.ToArray(), OnnxFile.ToBytes(again));
        Assert.Equal(text, SparsityMaskFile.Print(SparsityMaskFile.Parse(text)));
        Assert.True(text.Length < result.Bytes.Length / 8);
    }

    [Fact]
    public void ApplyTo_ModelWithOtherShapes_IsRefusedAndChangesNothing()
    {
        var mask = Sparsifier.Apply(TestModels.MnistCnnLike(), null, new SparsityOptions(), null, CancellationToken.None).Mask;
        var other = TestModels.GroupedConv();
        var before = OnnxFile.ToBytes(other);

        Assert.Equal(ErrorCode.PlanMismatch, Assert.Throws<InputException>(() => mask.ApplyTo(other)).Code);
        Assert.Equal(before, OnnxFile.ToBytes(other));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weights": null}""")]
    [InlineData("""{"weights": [null]}""")]
    [InlineData("""{"weights": [], "format": 2}""")]
    [InlineData("""{"weights": [{"name": "w", "dims": [8], "bits": "!!"}]}""")]
    [InlineData("""{"weights": [{"name": "w", "dims": [9], "bits": "AA=="}]}""")]
    [InlineData("""{"weights": [{"name": "w", "dims": [7], "bits": "gA=="}]}""")]
    [InlineData("""{"weights": [{"name": "w", "dims": [-8, -1], "bits": "AA=="}]}""")]
    [InlineData("""{"weights": [{"name": "w", "dims": [9223372036854775807, 9223372036854775807], "bits": "AA=="}]}""")]
    [InlineData("""{"weights": [{"name": "w", "dims": [8], "bits": "AA=="}, {"name": "w", "dims": [8], "bits": "AA=="}]}""")]
    public void Parse_NoSoundMask_IsRefused(string json) =>
        Assert.Contains(Assert.Throws<InputException>(() => SparsityMaskFile.Parse(json)).Code, new[] { ErrorCode.InvalidOption, ErrorCode.PlanMismatch });

    [Fact]
    public void Load_MissingFile_IsRefused() =>
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => SparsityMaskFile.Load("no-such.mask.json")).Code);
}
