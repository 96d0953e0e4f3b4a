using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class PrunePlannerTests
{
    private static readonly Lazy<ModelAnalysis> Mnist = new(() => ModelAnalysis.Of(OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"))));

    [Theory]
    [InlineData(0.0, "32/64/128", 421_642)]
    [InlineData(0.1, "28/57/115", 337_171)]
    [InlineData(0.3, "22/44/89", 201_849)]
    [InlineData(0.5, "16/32/64", 105_866)]
    [InlineData(0.7, "9/19/38", 37_454)]
    [InlineData(0.95, "1/3/6", 998)]
    public void Plan_PerLayer_KeepsTheFloorOfEachLayersShare(double rate, string widths, long parameters)
    {
        var plan = Plan(Mnist.Value, "l2", new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1));

        Assert.Equal(widths, Widths(plan));
        Assert.Equal(parameters, ChannelPruner.Apply(Mnist.Value, plan).Model.ParameterCount);
    }

    [Fact]
    public void Plan_Global_RemovesTheShareOfAllChannels_AndSparesEveryGroup()
    {
        var plan = Plan(Mnist.Value, "l2", new PlanOptions(0.6, PruningScope.Global, 0.75, null, Precision.Float32, 1));

        Assert.Equal((int)Math.Ceiling(0.6 * 224), plan.Groups.Sum(g => g.Remove.Count));
        Assert.All(plan.Groups, g => Assert.True(g.Remove.Count <= 0.75 * g.Channels));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.85)]
    public void Plan_ForATarget_LandsOnItsQuantum(double rate)
    {
        var target = new Target { Name = "t", Title = "T", Architecture = "any", Quanta = [new ChannelQuantum("conv", "any", 16, "test"), new ChannelQuantum("any", "any", 8, "test")] };

        var plan = Plan(Mnist.Value, "l2", new PlanOptions(rate, PruningScope.Global, 0.9, target, Precision.Float32, 1));

        Assert.Equal([0, 0, 0], plan.Groups.Zip([16, 16, 8], (g, quantum) => (g.Channels - g.Remove.Count) % quantum));
    }

    [Fact]
    public void Plan_AlwaysRemovesTheLowestScores()
    {
        var plan = Plan(Mnist.Value, "l2", new PlanOptions(0.4, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1));

        Assert.All(plan.Groups, g => Assert.True(g.HighestRemoved <= g.LowestKept));
    }

    [Fact]
    public void Plan_OfAGroupedConvolution_KeepsAsManyInEveryBlock()
    {
        var analysis = ModelAnalysis.Of(TestModels.GroupedConv());
        var blocked = analysis.Groups.Index().Where(g => g.Item.Blocks > 1).ToList();

        var plan = Plan(analysis, "random", new PlanOptions(0.4, PruningScope.Global, 0.9, null, Precision.Float32, 5));

        Assert.NotEmpty(blocked);
        Assert.All(blocked, g => Assert.Single(
            g.Item.Channels.Index().Where(c => !plan.Groups[g.Index].Remove.Contains(c.Index)).CountBy(c => c.Item.Block).Select(b => b.Value).Distinct()));
    }

    [Theory]
    [InlineData(20, 32, 8, 1, 24)]
    [InlineData(19, 32, 8, 1, 16)]
    [InlineData(3, 32, 8, 1, 8)]
    [InlineData(31, 32, 8, 1, 32)]
    [InlineData(5, 6, 8, 1, 6)]
    [InlineData(17, 32, 1, 4, 16)]
    [InlineData(20, 36, 6, 4, 24)]
    [InlineData(7, 10, 1, 1, 7)]
    public void Round_GivesTheNearestAllowedWidth(int wanted, int channels, int quantum, int blocks, int expected) =>
        Assert.Equal(expected, GroupWidths.Round(wanted, channels, quantum, blocks));

    [Fact]
    public void RandomCriterion_IsTheSameForASeed_AndAnotherForAnother()
    {
        var options = new PlanOptions(0.5, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1);

        Assert.Equal(Removed(Plan(Mnist.Value, "random", options)), Removed(Plan(Mnist.Value, "random", options)));
        Assert.NotEqual(Removed(Plan(Mnist.Value, "random", options)), Removed(Plan(Mnist.Value, "random", options with { Seed = 2 })));
    }

    [Fact]
    public void Find_AnUnknownCriterion_NamesTheKnown()
    {
        var error = Assert.Throws<InputException>(() => CriterionRegistry.Find("l3"));

        Assert.Contains("obs, l2, l1", error.Message, StringComparison.Ordinal);
    }

    private static PrunePlan Plan(ModelAnalysis analysis, string criterion, PlanOptions options) =>
        new PrunePlanner(analysis, CriterionRegistry.Find(criterion), options.Seed).Plan(options);

    private static string Widths(PrunePlan plan) => string.Join('/', plan.Groups.Select(g => g.Channels - g.Remove.Count));

    private static IEnumerable<int> Removed(PrunePlan plan) => plan.Groups.SelectMany(g => g.Remove);
}
