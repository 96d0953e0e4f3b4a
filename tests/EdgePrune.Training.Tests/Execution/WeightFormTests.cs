using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Forms that weights come in, and sizes that are known at run time only.</summary>
public sealed class WeightFormTests
{
    [TorchFact]
    public void Export_OfADoubleWeight_KeepsItsType()
    {
        GraphBuilder g = new();
        var weight = g.Op("Cast", [g.Constant(new Tensor(ElementType.Float64, [4, 3], new byte[96]).WithFloats([.. Enumerable.Range(0, 12).Select(i => i * 0.25f)]))], ("to", (long)ElementType.Float32));
        g.Output(g.Op("MatMul", [g.Input(2, 4), weight]));
        using var graph = new TorchGraph(g.Build());
        using (torch.no_grad())
        {
            graph.Parameters["constant1"].add_(1);
        }

        var learnt = graph.Export().Graph.Values["constant1"].Constant!;

        Assert.Equal(ElementType.Float64, learnt.ElementType);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => 1 + (i * 0.25f)), learnt.ToFloats());
    }

    [TorchFact]
    public void Parameters_OfAnAttentionMask_LeaveItOut()
    {
        GraphBuilder g = new();
        var scores = g.Add(g.Add(g.Input(2, 2), g.Weight(1, 2, 2)), g.Constant(Tensor.Of([2, 2], [0f, -10_000f, 0f, 0f]), "mask"));
        g.Output(g.Op("Where", [g.Op("Less", [scores, g.Scalar(0)]), scores, g.Scalar(float.NegativeInfinity)]));
        using var graph = new TorchGraph(g.Build());

        Assert.Equal(["weight1"], graph.Parameters.Keys);
    }

    [TorchFact]
    public void Run_OfAFreeBatch_TakesEverySize()
    {
        var model = CoverageModels.Make("attention-masked-free-batch");
        using var graph = new TorchGraph(model);

        Assert.All([1, 5, 2], batch =>
        {
            var feeds = Feeds.Random(model, batch, batch);
            Assert.InRange(Compare.MaxRelativeError(Runtime.Run(model, feeds), graph.Run(feeds)), 0, 1e-4);
        });
    }

    [TorchFact]
    public void Run_OfALongGraph_FreesWhatNobodyReadsAnyMore()
    {
        GraphBuilder g = new();
        var x = g.Input(2, 4);
        for (var i = 0; i < 60; i++)
        {
            x = g.Relu(x);
        }

        g.Output(x);
        using var graph = new TorchGraph(g.Build());
        List<long> alive = [];
        foreach (var node in graph.Graph.Nodes)
        {
            graph.Transform(node.Output, y =>
            {
                alive.Add(torch.Tensor.TotalCount);
                return y;
            });
        }

        graph.Run(new Dictionary<string, Tensor> { ["input1"] = Tensor.Of([2, 4], new float[8]) });

        Assert.Equal(alive[5], alive[^1]);
    }

    [TorchFact]
    public void Run_AfterAFailure_WorksAgain()
    {
        var model = TestModels.Mlp();
        using var graph = new TorchGraph(model);
        Assert.Throws<ModelException>(() => graph.Run(new Dictionary<string, Tensor> { ["input1"] = Tensor.Of([2, 9], new float[18]) }));

        var feeds = Feeds.Random(model, seed: 1, freeDimension: 2);

        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(model, feeds), graph.Run(feeds)), 0, 1e-4);
    }

    [Fact]
    public void TorchGraph_OfASubgraph_IsRefusedByName()
    {
        var error = Assert.Throws<ModelException>(() => new TorchGraph(CoverageModels.Make("subgraph-loop")));

        Assert.Equal(ErrorCode.UnknownOperator, error.Code);
        Assert.Contains("(Loop)", error.Message, StringComparison.Ordinal);
    }
}
