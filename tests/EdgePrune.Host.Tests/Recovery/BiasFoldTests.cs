using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class BiasFoldTests
{
    [Fact]
    public void Add_BehindAMatMulWithTheConstantOnTheLeft_BroadcastsOverTheColumns()
    {
        GraphBuilder g = new();
        g.Output(g.MatMul(g.Weight(1, 4, 4), g.Input(1, 4, 4)));
        var analysis = ModelAnalysis.Of(g.Build());
        var changed = analysis.Model.Clone();
        var contraction = Assert.Single(analysis.Contractions);

        BiasFold.Add(new GraphEditor(changed.Graph), changed.Graph.Nodes[0], contraction, [1, 2, 3, 4]);

        var (before, after) = (Run(analysis, analysis.Model), Run(analysis, changed));
        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal((i / 4) + 1, after[i] - before[i], 1e-4f));
    }

    private static float[] Run(ModelAnalysis analysis, Model model)
    {
        using var runner = new GraphRunner(model);
        return runner.Run(RandomFeeds.For(analysis.Model, analysis.Shapes, 1))[0].ToFloats();
    }
}
