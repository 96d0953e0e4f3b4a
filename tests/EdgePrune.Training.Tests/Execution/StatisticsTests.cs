using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Batch normalization with frozen and with live statistics.</summary>
public sealed class StatisticsTests
{
    [TorchFact]
    public void Forward_WithLiveStatistics_NormalizesTheBatchAndMovesTheRunningOnes()
    {
        using var scope = torch.NewDisposeScope();
        using var graph = new TorchGraph(Normalized(momentum: 0.75f)) { HasLiveStatistics = true };

        var output = graph.Forward(Batch())[0];

        // Mean 3, variance 5 over the batch (20 / 3 without bias); before, 1 and 4.
        Assert.Equal([-3 / MathF.Sqrt(5), -1 / MathF.Sqrt(5), 1 / MathF.Sqrt(5), 3 / MathF.Sqrt(5)], TorchTensors.ToFloats(output), new Near(1e-4f));
        var learnt = graph.Export().Graph;
        Assert.Equal(1.5f, learnt.Values["mean1"].Constant!.ToFloats()[0], 1e-5f);
        Assert.Equal(3 + (5 / 3f), learnt.Values["variance1"].Constant!.ToFloats()[0], 1e-5f);
    }

    [TorchFact]
    public void Run_WithLiveStatistics_UsesTheRunningOnesAndLeavesThem()
    {
        var model = Normalized(momentum: 0.75f);
        using var graph = new TorchGraph(model) { HasLiveStatistics = true };

        var output = graph.Run(Batch());

        Assert.Equal([-0.5f, 0.5f, 1.5f, 2.5f], output[0].ToFloats(), new Near(1e-4f));
        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(graph.Export()));
    }

    [TorchFact]
    public void Forward_ByDefault_LeavesTheStatistics()
    {
        using var scope = torch.NewDisposeScope();
        var model = Normalized(momentum: 0.75f);
        using var graph = new TorchGraph(model);

        Assert.False(graph.HasLiveStatistics);
        Assert.Equal([-0.5f, 0.5f, 1.5f, 2.5f], TorchTensors.ToFloats(graph.Forward(Batch())[0]), new Near(1e-4f));
        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(graph.Export()));
    }

    [TorchFact]
    public void Forward_OfStatisticsThatTwoNodesShare_GivesEachItsOwn()
    {
        using var scope = torch.NewDisposeScope();
        GraphBuilder g = new();
        var (one, zero) = (g.Constant(Tensor.Of([1], [1f]), "one"), g.Constant(Tensor.Of([1], [0f]), "zero"));
        Value Norm(Value x) => g.Op("BatchNormalization", [x, one, zero, zero, one], ("momentum", 0.5f));
        g.Output(Norm(g.Add(Norm(g.Input(4, 1)), g.Scalar(7))));
        using var graph = new TorchGraph(g.Build()) { HasLiveStatistics = true };

        graph.Forward(Batch());

        var nodes = graph.Export().Graph.Nodes.Where(n => n.OperatorType == "BatchNormalization").ToList();
        Assert.Equal([1.5f, 3.5f], nodes.Select(n => n.Input(3)!.Constant!.ToFloats()[0]), new Near(1e-4f));
        Assert.Equal(0f, nodes[0].Input(2)!.Constant!.ToFloats()[0]);
        Assert.Equal(["one1", "zero1"], graph.Parameters.Keys);
    }

    [TorchFact]
    public void HasLiveStatistics_OfComputedStatistics_IsRefused()
    {
        GraphBuilder g = new();
        var x = g.Input(4, 1);
        g.Output(g.Op("BatchNormalization", [x, g.Weight(1, 1), g.Weight(1, 1), g.Op("Neg", [g.Weight(1, 1)]), g.Op("Abs", [g.Weight(1, 1)])]));
        using var graph = new TorchGraph(g.Build());

        var error = Assert.Throws<ModelException>(() => graph.HasLiveStatistics = true);

        Assert.Equal(ErrorCode.UnknownOperator, error.Code);
        Assert.Contains("'batchnormalization1'", error.Message, StringComparison.Ordinal);
        Assert.False(graph.HasLiveStatistics);
    }

    // Mean 1 and variance 4 of the training.
    private static Model Normalized(float momentum)
    {
        GraphBuilder g = new();
        Value Number(float value, string name) => g.Constant(Tensor.Of([1], [value]), name);
        g.Output(g.Op("BatchNormalization", [g.Input(4, 1), Number(1, "gamma"), Number(0, "beta"), Number(1, "mean"), Number(4, "variance")], ("momentum", momentum), ("epsilon", 1e-9f)));
        return g.Build();
    }

    private static Dictionary<string, Tensor> Batch() => new() { ["input1"] = Tensor.Of([4, 1], [0f, 2f, 4f, 6f]) };

    private sealed class Near(float distance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => MathF.Abs(x - y) <= distance;

        public int GetHashCode(float obj) => 0;
    }
}
