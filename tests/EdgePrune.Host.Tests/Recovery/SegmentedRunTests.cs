using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class SegmentedRunTests
{
    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.SqueezeExcite))]
    [InlineData(nameof(TestModels.DenseNetLike))]
    [InlineData(nameof(TestModels.Attention))]
    [InlineData(nameof(TestModels.SubgraphIf))]
    public void Advance_PieceByPiece_GivesWhatOneRunGives(string name)
    {
        var analysis = ModelAnalysis.Of(TestModels.Make(name));
        var batches = new[] { 1, 2 }.Select(seed => RandomFeeds.For(analysis.Model, analysis.Shapes, seed)).ToList();
        var run = new SegmentedRun(analysis.Model, batches);

        foreach (var value in analysis.Contractions.Select(c => c.Output.Value).Concat(analysis.Model.Graph.Outputs).Distinct())
        {
            var pieces = run.Advance([value])[value.Name];
            Assert.All(pieces.Index(), p => Assert.True(Difference(p.Item, Whole(analysis.Model, value, batches[p.Index])) < 1e-4, value.Name));
        }
    }

    [Fact]
    public void Peek_BeforeAWeightChanges_DoesNotHoldTheNodeToTheOldWeight()
    {
        GraphBuilder g = new(1);
        var hidden = g.Gemm(g.BatchInput(6), 4);
        var output = g.Gemm(g.Relu(hidden), 3);
        g.Output(output);
        var model = g.Build();
        var feeds = new Dictionary<string, Tensor> { [model.Graph.FedInputs.Single().Name] = Tensor.Of([2, 6], Enumerable.Range(0, 12).Select(i => i / 6f).ToArray()) };
        var run = new SegmentedRun(model, [feeds]);
        var before = run.Peek(hidden)[0];

        var weight = hidden.Producer!.Input(1)!;
        new GraphEditor(model.Graph).SetInitializer(weight, weight.Constant!.Map((_, w) => 2 * w));
        var after = run.Advance([hidden])[hidden.Name][0];

        Assert.True(Difference(before, after) > 1e-3);
        Assert.True(Difference(after, Whole(model, hidden, feeds)) < 1e-5);
    }

    private static Tensor Whole(Model model, Value value, IReadOnlyDictionary<string, Tensor> feeds)
    {
        var probe = model.Clone();
        new GraphEditor(probe.Graph).AddGraphOutput(probe.Graph.Values[value.Name]);
        using var runner = new GraphRunner(probe);
        return runner.OutputNames.Zip(runner.Run(feeds)).First(o => o.First == value.Name).Second;
    }

    private static double Difference(Tensor a, Tensor b) => a.ToFloats().Zip(b.ToFloats(), (x, y) => (double)Math.Abs(x - y)).DefaultIfEmpty(0).Max();
}
