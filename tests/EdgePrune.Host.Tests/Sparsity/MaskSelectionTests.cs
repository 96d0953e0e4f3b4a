using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class MaskSelectionTests
{
    [Fact]
    public void OfLayer_LowestScoresGo_ButNeverTheBestOfARow()
    {
        var removed = MaskSelection.OfLayer(Layer(4, 2), [1, 2, 3, 4, 50, 60, 70, 80], 4);

        Assert.Equal([true, true, true, false, true, false, false, false], removed);
    }

    [Fact]
    public void OfRows_OddNumber_IsSpreadOverRows()
    {
        var removed = MaskSelection.OfRows(Layer(4, 2), [1, 2, 3, 4, 50, 60, 70, 80], 3);

        Assert.Equal([true, false, false, false, true, true, false, false], removed);
    }

    [Fact]
    public void OfGroups_IncompleteGroup_KeepsUpToN()
    {
        var removed = MaskSelection.OfGroups(Layer(7, 1), [4, 3, 2, 1, 1, 2, 3], SparsityPattern.Of(2, 4));

        Assert.Equal([false, false, true, true, true, false, false], removed);
    }

    [Fact]
    public void OfGroups_Convolution_RunsAlongTheChannelsOfATap()
    {
        GraphBuilder g = new(1);
        g.Output(g.Conv(g.Input(1, 4, 4, 4), 3));
        var layer = Single(g.Build());
        var removed = MaskSelection.OfGroups(layer, [.. Enumerable.Range(0, layer.Count).Select(i => (float)(i % 4))], SparsityPattern.Of(1, 4));

        Assert.Equal((3 * 36, 4), (layer.Count, layer.Channels));
        Assert.All(removed.Chunk(4), group => Assert.Equal([true, true, true, false], group));
    }

    [Fact]
    public void Competing_SmallLayer_KeepsMoreThanALargeOne()
    {
        var (small, large) = (Layer(4, 2), Layer(50, 20));
        var random = new Random(1);
        float[][] scores = [[.. Enumerable.Range(0, small.Count).Select(_ => random.NextSingle())], [.. Enumerable.Range(0, large.Count).Select(_ => random.NextSingle())]];
        var zeros = ZeroBudget.Competing([small, large], scores, 0.8);

        Assert.Equal(806, zeros.Sum());
        Assert.True(zeros[0] / 8.0 < zeros[1] / 1000.0);
    }

    [Theory]
    [InlineData("unstructured", 0, 0)]
    [InlineData("2:4", 2, 4)]
    [InlineData("1:64", 1, 64)]
    public void Parse_Pattern_IsReadAndPrinted(string text, int kept, int group)
    {
        var pattern = SparsityPattern.Parse(text);

        Assert.Equal((kept, group, text), (pattern.Kept, pattern.Group, pattern.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("4:4")]
    [InlineData("0:4")]
    [InlineData("2:65")]
    [InlineData("-2:4")]
    [InlineData("2:4:8")]
    [InlineData("2:99999999999")]
    public void Parse_NoPattern_IsRefused(string text) =>
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => SparsityPattern.Parse(text)).Code);

    private static SparsityLayer Layer(int inputs, int outputs)
    {
        GraphBuilder g = new(1);
        g.Output(g.MatMul(g.BatchInput(inputs), outputs));
        return Single(g.Build());
    }

    private static SparsityLayer Single(Model model) => Assert.Single(SparsityLayers.Find(model.Graph, ShapeInference.Infer(model.Graph)).Layers);
}
