using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Changes of values and inputs while a graph runs.</summary>
public sealed class TransformTests
{
    [TorchFact]
    public void Transform_OfAWeight_ReachesAllReadersAndPassesGradients()
    {
        using var scope = torch.NewDisposeScope();
        var (graph, feeds) = SharedWeight();
        graph.Transform(graph.Graph.Values["weight1"], w => w * 2);

        var output = graph.Forward(feeds)[0];
        output.sum().backward();

        // (x + 2 w) + (y * 2 w) of x = 1, y = 3, w = 0.5.
        Assert.Equal([5f, 5f], TorchTensors.ToFloats(output));
        Assert.Equal([8f, 8f], TorchTensors.ToFloats(graph.Parameters["weight1"].grad!));
        graph.Dispose();
    }

    [TorchFact]
    public void Transform_OfAnInput_ReachesOneReaderAndPassesGradients()
    {
        using var scope = torch.NewDisposeScope();
        var (graph, feeds) = SharedWeight();
        var node = graph.Graph.Nodes.Single(n => n.OperatorType == "Mul");
        graph.Transform(node, 1, w => w * 2);

        var output = graph.Forward(feeds)[0];
        output.sum().backward();

        // (x + w) + (y * 2 w).
        Assert.Equal([4.5f, 4.5f], TorchTensors.ToFloats(output));
        Assert.Equal([7f, 7f], TorchTensors.ToFloats(graph.Parameters["weight1"].grad!));
        graph.Dispose();
    }

    [TorchFact]
    public void Transform_OfWhatANodeGives_ReachesItsReaders()
    {
        using var scope = torch.NewDisposeScope();
        var (graph, feeds) = SharedWeight();
        var sum = graph.Graph.Nodes.Single(n => n.OperatorType == "Mul").Output;
        graph.Transform(sum, y => y + 10);

        Assert.Equal([13f, 13f], graph.Run(feeds)[0].ToFloats());
        graph.Dispose();
    }

    [TorchFact]
    public void Transform_ToNull_TakesTheChangeAway()
    {
        var (graph, feeds) = SharedWeight();
        var (weight, node) = (graph.Graph.Values["weight1"], graph.Graph.Nodes.Single(n => n.OperatorType == "Mul"));
        graph.Transform(weight, w => w * 2);
        graph.Transform(node, 1, w => w * 2);

        graph.Transform(weight, null);
        graph.Transform(node, 1, null);

        Assert.Equal([3f, 3f], graph.Run(feeds)[0].ToFloats());
        graph.Dispose();
    }

    [TorchFact]
    public void Run_WithATransformThatGivesATensorOfItsOwn_LeavesThatAlive()
    {
        var (graph, feeds) = SharedWeight();
        using var own = torch.tensor(new[] { 1f, 2f }).DetachFromDisposeScope();
        graph.Transform(graph.Graph.Nodes.Single(n => n.OperatorType == "Mul").Output, _ => own);

        graph.Run(feeds);

        Assert.Equal([2.5f, 3.5f], graph.Run(feeds)[0].ToFloats());
        Assert.False(own.IsInvalid);
        graph.Dispose();
    }

    // (x + w) + (y * w) with x = 1, y = 3, w = 0.5.
    private static (TorchGraph Graph, IReadOnlyDictionary<string, Tensor> Feeds) SharedWeight()
    {
        GraphBuilder g = new();
        var weight = g.Constant(Tensor.Of([2], [0.5f, 0.5f]), "weight");
        g.Output(g.Add(g.Add(g.Input(2), weight), g.Mul(g.Input(2), weight)));
        var feeds = new Dictionary<string, Tensor> { ["input1"] = Tensor.Of([2], [1f, 1f]), ["input2"] = Tensor.Of([2], [3f, 3f]) };
        return (new TorchGraph(g.Build()), feeds);
    }
}
