using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>What the random models themselves must be, so that a property that holds of them says something.</summary>
public sealed class RandomGraphTests
{
    private const int Seeds = 1500;

    // Operators of later operator sets or of ONNX Runtime, and those whose second input must fit the batch: the coverage
    // models have them.
    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal)
    {
        "RMSNormalization", "SimplifiedLayerNormalization", "BiasGelu", "FastGelu", "QuickGelu",
        "GatherElements", "GridSample", "RoiAlign", "Col2Im", "ReverseSequence",
    };

    [Fact]
    public void FixedGraphs_ReachEveryOperatorThatHasADefinition()
    {
        var seen = Nodes().Select(n => n.OperatorType).ToHashSet(StringComparer.Ordinal);

        var missing = OperatorRegistry.All.SelectMany(d => d.Types).Where(t => !seen.Contains(t) && !Elsewhere.Contains(t)).Order(StringComparer.Ordinal).ToList();

        Assert.True(missing.Count == 0, $"No random model has {string.Join(", ", missing)}. Add a step to tests/TestKit/Random*Steps.cs, or more seeds.");
    }

    [Fact]
    public void FixedGraphs_CoverOperatorSetsAndFormsOfWeights()
    {
        var models = RandomGraphs.Fixed(100).Select(g => g.Model).ToList();

        Assert.Equal([9, 11, 13, 17, 21], models.Select(m => m.Opset).Distinct().Order());
        Assert.Contains(models, m => m.Graph.FedInputs.Count() > 1);
        Assert.Contains(models, m => m.Graph.Outputs.Count > 1);
        Assert.Contains(models, m => m.Graph.Nodes.Any(n => n.OperatorType == "Conv" && n.Input(1)!.Producer?.OperatorType == "Constant"));
        Assert.Contains(models, m => m.Graph.Inputs.Any(v => v.Constant is not null));
        Assert.Contains(models, m => m.Graph.FedInputs.Any(v => v.DeclaredShape![0].Size is null));
    }

    [Fact]
    public void FixedGraphs_CoverConvolutionsOfEveryDimensionAndGrouping()
    {
        var convolutions = Nodes().Where(n => n.OperatorType == "Conv" && n.Input(1)!.Constant is not null).ToList();

        foreach (var rank in new[] { 3, 4, 5 })
        {
            Assert.Contains(convolutions, n => n.Input(1)!.Constant!.Rank == rank && n.Int("group", 1) == 1);
            Assert.Contains(convolutions, n => n.Input(1)!.Constant!.Rank == rank && n.Int("group", 1) > 1 && n.Input(1)!.Constant!.Dims[1] > 1);
            Assert.Contains(convolutions, n => n.Input(1)!.Constant!.Rank == rank && n.Int("group", 1) > 1 && n.Input(1)!.Constant!.Dims is [var c, 1, ..] && c == 2 * n.Int("group", 1));
        }
    }

    [Fact]
    public void FixedGraphs_RunInOnnxRuntimeAndGiveFiniteOutputs() => Assert.All(RandomGraphs.Fixed(500), graph =>
    {
        var outputs = Runtime.Run(graph.Model, 1);
        Assert.True(outputs.Where(o => o.ElementType.IsFloat()).All(o => o.ToFloats().All(float.IsFinite)), graph.Description);
    });

    [Fact]
    public void SameSeed_GivesTheSameModel() =>
        Assert.Equal(OnnxFile.ToBytes(RandomGraphs.AnyFromSeed(7).Model), OnnxFile.ToBytes(RandomGraphs.AnyFromSeed(7).Model));

    private static IEnumerable<Node> Nodes() => RandomGraphs.Fixed(Seeds).SelectMany(g => g.Model.Graph.Nodes);
}
