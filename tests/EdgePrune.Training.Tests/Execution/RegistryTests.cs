using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>What can be trained, against what can be pruned.</summary>
public sealed class RegistryTests
{
    // What the pruner knows and training does not, with the reason.
    private static readonly Dictionary<string, string> NotTrained = new(StringComparer.Ordinal)
    {
        ["Constant"] = "becomes an initializer before anything else",
    };

    /// <summary>Operators of the test models for which they are refused: subgraphs, and a triangle of a domain that is not known.</summary>
    public static IReadOnlyList<string> Refused => [.. NotTrained.Keys, "If", "Loop", "Trilu"];

    [Fact]
    public void EveryOperatorThatThePrunerKnows_IsTrainedOrOnTheList()
    {
        var known = OperatorRegistry.All.SelectMany(d => d.Types.Select(t => (d.Domain, Type: t)));

        Assert.Equal(NotTrained.Keys.Order(), known.Except(TorchOperatorRegistry.Types).Select(k => k.Type).Order());
    }

    [Fact]
    public void EveryOperatorThatIsTrained_HasASmallGraph()
    {
        var shown = OperatorModels.Names.SelectMany(n => OperatorModels.Get(n).Graph.Nodes).Select(n => (n.Domain, n.OperatorType)).ToHashSet();

        Assert.Equal([], TorchOperatorRegistry.Types.Except(shown));
    }

    [Fact]
    public void TorchGraph_OfNodesThatCannotBeTrained_NamesThemAllAtOnce()
    {
        GraphBuilder g = new();
        var x = g.OpOfShape("NonZero", [2, 4], [g.Input(1, 4)]);
        x = g.CustomOp("com.example", "Mystery", g.OpOfShape("Resize", [2, 4], [x], ("antialias", 1)));
        g.Output(g.Ops("Dropout", 2, [x])[0]);
        g.Output(g.Op("OneHot", [x]));
        var model = g.Build();

        var error = Assert.Throws<ModelException>(() => new TorchGraph(model));

        Assert.Equal(ErrorCode.UnknownOperator, error.Code);
        Assert.Contains("4 node(s)", error.Message, StringComparison.Ordinal);
        Assert.All(["NonZero", "Mystery", "com.example", "OneHot", "antialiasing"], t => Assert.Contains(t, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void TorchGraph_OfADropoutInTraining_IsRefused()
    {
        GraphBuilder g = new(7, 17);
        g.Output(g.Op("Dropout", [g.Input(2, 4), g.Scalar(0.5f), g.Constant(new Tensor(ElementType.Bool, [], new byte[] { 1 }))]));

        Assert.Contains("drops at random", Assert.Throws<ModelException>(() => new TorchGraph(g.Build())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TorchGraph_OfASecondOutputThatIsNotComputed_IsRefused()
    {
        GraphBuilder g = new(7, 17);
        g.Output(g.OpsOfShapes("LayerNormalization", [[2, 4], [2, 1]], [g.Input(2, 4), g.Weight(1, 4)])[1]);

        Assert.Contains("an output other than its first", Assert.Throws<ModelException>(() => new TorchGraph(g.Build())).Message, StringComparison.Ordinal);
    }
}
