using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class L2CriterionTests
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
