using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class ModelCutterTests
{
    [Fact]
    public void Cut_BetweenTwoValues_HoldsTheNodesBetweenThem()
    {
        var model = TestModels.MnistCnnLike();
        var (first, third) = (model.Graph.Nodes[0].Output, model.Graph.Nodes[2].Output);

        var part = new ModelCutter(model).Cut([third.Name], new Dictionary<string, ElementType> { [first.Name] = ElementType.Float32 });

        Assert.Equal(model.Graph.Nodes.Skip(1).Take(2).Select(n => n.Label), part.Graph.Nodes.Select(n => n.Label));
        Assert.Equal([first.Name], part.Graph.FedInputs.Select(v => v.Name));
        Assert.Equal([third.Name], part.Graph.Outputs.Select(v => v.Name));
        Assert.Empty(GraphInvariants.Faults(part.Graph));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Cut_WithAllOutputsAndNothingGiven_KeepsEveryNodeThatIsNeeded(string name)
    {
        var model = TestModels.Make(name);

        var part = new ModelCutter(model).Cut([.. model.Graph.Outputs.Select(o => o.Name)], new Dictionary<string, ElementType>());

        new UnusedNodes().Apply(model);
        Assert.Equal(model.Graph.Nodes.Select(n => n.Label), part.Graph.Nodes.Select(n => n.Label));
        Assert.Empty(GraphInvariants.Faults(part.Graph));
    }

    [Fact]
    public void Cut_AGivenOutputOfANodeThatIsNeededForAnother_ComputesBoth()
    {
        var g = new GraphBuilder(seed: 1);
        var halves = g.Split(g.Input(1, 4), 1, 2, 2);
        g.Output(g.Add(halves[0], halves[1]));
        var model = g.Build();

        var part = new ModelCutter(model).Cut([model.Graph.Outputs[0].Name], new Dictionary<string, ElementType> { [halves[0].Name] = ElementType.Float32 });

        Assert.Empty(GraphInvariants.Faults(part.Graph));
        Assert.DoesNotContain(halves[0].Name, part.Graph.FedInputs.Select(v => v.Name));
        Assert.Equal(2, part.Graph.Nodes.Count);
    }

    public static TheoryData<string> Fixtures() => [.. TestModels.Names];
}
