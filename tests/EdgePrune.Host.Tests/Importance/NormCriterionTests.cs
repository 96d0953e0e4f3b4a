using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class NormCriterionTests
{
    [Fact]
    public void Score_OfTwoLayers_IsTheNumberWorkedByHand()
    {
        // Two hidden units: rows (3, 4) and (0, 1) make them, columns (2) and (1) read them.
        // Squares 25 and 1, mean 13; squares 4 and 1, mean 2.5. Scores sqrt((25/13 + 4/2.5) / 2) and sqrt((1/13 + 1/2.5) / 2).
        var analysis = ModelAnalysis.Of(TwoLayers());

        var scores = CriterionRegistry.Find("l2").Score(Assert.Single(analysis.Groups), new CriterionContext { Analysis = analysis, Seed = 1 });

        Assert.Equal(Math.Sqrt(((25 / 13.0) + 1.6) / 2), scores[0], 1e-6);
        Assert.Equal(Math.Sqrt(((1 / 13.0) + 0.4) / 2), scores[1], 1e-6);
    }

    [Fact]
    public void L1Score_OfTwoLayers_IsTheNumberWorkedByHand()
    {
        // Magnitudes 7 and 1, mean 4; 2 and 1, mean 1.5.
        var scores = TinyGroups.Score("l1", TwoLayers());

        Assert.Equal([((7 / 4.0) + (2 / 1.5)) / 2, ((1 / 4.0) + (1 / 1.5)) / 2], scores, TinyGroups.Close);
    }

    [Fact]
    public void Score_OfAResidualSpine_JoinsEveryProducerAndReader()
    {
        // Producers with squares (1, 4) and (9, 1), a reader with (4, 16): means 2.5, 5 and 10.
        var scores = TinyGroups.Score("l2", TinyGroups.Spine());

        Assert.Equal([Math.Sqrt((0.4 + 1.8 + 0.4) / 3), Math.Sqrt((1.6 + 0.2 + 1.6) / 3)], scores, TinyGroups.Close);
    }

    [Fact]
    public void Score_BehindConcat_TakesEachPartsOwnColumns()
    {
        // Two producers of two channels each; the reader's columns 0, 1 belong to the first, 2, 3 to the second.
        var analysis = ModelAnalysis.Of(TinyGroups.Joined());

        Assert.Equal(2, analysis.Groups.Count);
        Assert.Equal([((1 / 1.5) + (1 / 1.5)) / 2, ((2 / 1.5) + (2 / 1.5)) / 2], TinyGroups.Score("l1", analysis, 0), TinyGroups.Close);
        Assert.Equal([((3 / 3.5) + (3 / 3.5)) / 2, ((4 / 3.5) + (4 / 3.5)) / 2], TinyGroups.Score("l1", analysis, 1), TinyGroups.Close);
    }

    [Fact]
    public void Score_OfADepthwiseConvolution_CountsItsFilters()
    {
        // Producer (1, 3), depthwise filters (2, 2), reader (1, 1).
        Assert.Equal([(0.5 + 1 + 1) / 3, (1.5 + 1 + 1) / 3], TinyGroups.Score("l1", TinyGroups.Depthwise()), TinyGroups.Close);
    }

    [Fact]
    public void Score_OfAGroupedReader_CountsTheColumnOfEachBlock()
    {
        // Producers all 1. Output 0 reads channels 0, 1 with 1 and 2; output 1 reads 2, 3 with 3 and 4: mean 2.5.
        Assert.Equal([(1 + 0.4) / 2, (1 + 0.8) / 2, (1 + 1.2) / 2, (1 + 1.6) / 2], TinyGroups.Score("l1", TinyGroups.Grouped()), TinyGroups.Close);
    }

    [Fact]
    public void Score_BehindFlatten_SumsTheColumnsOfEveryPosition()
    {
        // Channel 0 owns columns 0, 1 with 1 and 2, channel 1 owns 2, 3 with 3 and 6: 3 and 9, mean 6. Producers 1 and 1.
        Assert.Equal([(1 + 0.5) / 2, (1 + 1.5) / 2], TinyGroups.Score("l1", TinyGroups.Flat()), TinyGroups.Close);
    }

    internal static Model TwoLayers()
    {
        var model = ModelFactory.Create("two-layers");
        var editor = new GraphEditor(model.Graph);
        var x = editor.AddInput("x", ElementType.Float32, [1, 2]);
        var hidden = editor.AddNode("Gemm", [x, editor.AddInitializer("w1", Tensor.Of([2, 2], [3f, 4, 0, 1])), editor.AddInitializer("b1", Tensor.Of([2], [0.5f, -0.5f]))], "hidden");
        editor.SetAttribute(hidden, "transB", new AttributeValue.Int(1));
        var relu = editor.AddNode("Relu", [hidden.Output], "relu");
        var output = editor.AddNode("Gemm", [relu.Output, editor.AddInitializer("w2", Tensor.Of([1, 2], [2f, 1])), editor.AddInitializer("b2", Tensor.Of([1], [0.25f]))], "y");
        editor.SetAttribute(output, "transB", new AttributeValue.Int(1));
        editor.AddGraphOutput(output.Output);
        return model;
    }
}
