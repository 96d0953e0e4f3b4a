using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Every operator gives what ONNX Runtime gives.</summary>
public sealed class OperatorTests
{
    public static TheoryData<string> Names => [.. OperatorModels.Names];

    [TorchTheory]
    [MemberData(nameof(Names))]
    public void Run_OfASmallGraph_EqualsOnnxRuntime(string name)
    {
        var model = OperatorModels.Get(name);
        var feeds = Feeds.Random(model, seed: 2);
        using var graph = new TorchGraph(model);

        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(model, feeds), graph.Run(feeds)), 0, 1e-4);
    }

    [Fact]
    public void Registry_EveryOperator_HasASmallGraph()
    {
        var shown = OperatorModels.Names.SelectMany(n => OperatorModels.Get(n).Graph.Nodes).Select(n => n.OperatorType).ToHashSet();

        Assert.Empty(TorchOperatorRegistry.Types.Except(shown));
    }
}
