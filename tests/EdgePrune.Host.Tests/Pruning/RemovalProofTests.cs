using CsCheck;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class RemovalProofTests
{
    [Fact]
    public void RandomGraphs_PrunedAtRandom_EqualTheMaskedOriginal() =>
        (from graph in RandomGraphs.Gen
         from rate in Gen.Double[0.1, 0.9]
         from seed in Gen.Int[0, 99]
         select (graph, rate, seed))
        .Sample(c => Prune(c.graph.Model, c.rate, c.seed).Proof.MaxRelativeError <= 1e-5, iter: 300, threads: 1);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fixtures_PrunedByHalf_EqualTheMaskedOriginal(string name)
    {
        var (model, proof) = Prune(TestModels.Make(name), 0.5, seed: 3);

        Assert.InRange(proof.MaxRelativeError, 0, 1e-5);
        Assert.Equal(TestModels.Make(name).Graph.Outputs.Select(o => o.Name), model.Graph.Outputs.Select(o => o.Name));
    }

    [Theory]
    [InlineData(nameof(TestModels.MnistCnnLike))]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.ConcatInception))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.SqueezeExcite))]
    [InlineData(nameof(TestModels.DenseNetLike))]
    [InlineData(nameof(TestModels.Mlp))]
    [InlineData(nameof(TestModels.SharedWeights))]
    [InlineData(nameof(TestModels.ConstantNodeWeights))]
    [InlineData(nameof(TestModels.InitializersAsInputs))]
    public void Fixtures_WherePruningIsWellDefined_LoseParameters(string name)
    {
        var original = ModelAnalysis.Of(TestModels.Make(name)).Model;

        var (model, _) = Prune(TestModels.Make(name), 0.5, seed: 3);

        Assert.True(model.ParameterCount < 0.8 * original.ParameterCount, $"{model.ParameterCount} of {original.ParameterCount} parameters stay.");
    }

    [Fact]
    public void Require_WithAChannelThatIsNotTheMasked_RefusesWithItsCode()
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var plan = Plan(analysis, 0.5, 1);
        var (pruned, _) = ChannelPruner.Apply(analysis, plan);
        var weight = pruned.Graph.Initializers.First(v => v.Constant!.Rank == 4);
        var spoilt = weight.Constant!.ToFloats();
        spoilt[0] += 0.1f;
        new GraphEditor(pruned.Graph).SetInitializer(weight, weight.Constant!.WithFloats(spoilt));

        var error = Assert.Throws<ModelException>(() => RemovalCheck.Require(analysis, new RemovedChannels(analysis, plan), pruned));

        Assert.Equal(ErrorCode.RemovalNotProven, error.Code);
    }

    [Fact]
    public void RandomGraphs_ProvenInSegmentsOfAnySize_EqualTheMaskedOriginal() =>
        (from graph in RandomGraphs.Gen
         from nodes in Gen.Int[1, 5]
         from seed in Gen.Int[0, 99]
         select (graph, nodes, seed))
        .Sample(c => Prove(c.graph.Model, c.nodes, c.seed).MaxRelativeError <= 1e-5, iter: 150, threads: 1);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fixtures_ProvenNodeByNode_EqualTheMaskedOriginal(string name) =>
        Assert.InRange(Prove(TestModels.Make(name), nodes: 1, seed: 3).MaxRelativeError, 0, 1e-5);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void SegmentPlan_OfAnySize_ComparesEveryOutputAndContractionOnce(int nodes)
    {
        var analysis = ModelAnalysis.Of(TestModels.ResidualBlocks());

        var compared = SegmentPlanner.Plan(analysis, analysis.Model, new SegmentSize(nodes)).SelectMany(s => s.Compared).Select(v => v.Name).ToList();

        Assert.Equal(compared.Distinct(), compared);
        Assert.Equal(analysis.Model.Graph.Outputs.Concat(analysis.Contractions.Select(c => c.Output.Value)).Select(v => v.Name).Distinct().Order(StringComparer.Ordinal), compared.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Require_InSegmentsWithAWrongWeightInTheFirst_Refuses()
    {
        var analysis = ModelAnalysis.Of(TestModels.ResidualBlocks());
        var plan = Plan(analysis, 0.5, 1);
        var (pruned, _) = ChannelPruner.Apply(analysis, plan);
        var weight = pruned.Graph.Nodes.First(n => n.OperatorType == "Conv").Input(1)!;
        new GraphEditor(pruned.Graph).SetInitializer(weight, weight.Constant!.Map((i, w) => i == 0 ? w + 0.1f : w));

        Assert.Throws<ModelException>(() => RemovalCheck.Require(analysis, new RemovedChannels(analysis, plan), pruned, new SegmentSize(Nodes: 1)));
    }

    [Fact]
    public void Apply_APlanOfAnotherModel_IsRefused()
    {
        var plan = Plan(ModelAnalysis.Of(TestModels.MnistCnnLike()), 0.5, 1);

        var error = Assert.Throws<InputException>(() => ChannelPruner.Apply(ModelAnalysis.Of(TestModels.Mlp()), plan));

        Assert.Equal(ErrorCode.PlanMismatch, error.Code);
    }

    [Fact]
    public void Apply_APlanThatEmptiesAGroup_IsRefused()
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var plan = Plan(analysis, 0.5, 1);
        var all = plan.Groups[0] with { Remove = [.. Enumerable.Range(0, plan.Groups[0].Channels)] };

        Assert.Throws<InputException>(() => ChannelPruner.Apply(analysis, plan with { Groups = [all, .. plan.Groups.Skip(1)] }));
    }

    [Fact]
    public void Apply_TheSamePlanTwice_GivesTheSameBytes()
    {
        var analysis = ModelAnalysis.Of(TestModels.ResidualBlocks());
        var plan = Plan(analysis, 0.4, 7);

        Assert.Equal(OnnxFile.ToBytes(ChannelPruner.Apply(analysis, plan).Model), OnnxFile.ToBytes(ChannelPruner.Apply(analysis, plan).Model));
    }

    [Fact]
    public void Apply_ToAPrunedModel_CanBePrunedAgain()
    {
        var (once, _) = Prune(TestModels.ResidualBlocks(), 0.3, 1);

        var (twice, _) = Prune(once, 0.3, 1);

        Assert.True(twice.ParameterCount < once.ParameterCount);
    }

    public static TheoryData<string> Fixtures() => [.. TestModels.Names];

    private static (Model Model, RemovalProof Proof) Prune(Model model, double rate, int seed)
    {
        var analysis = ModelAnalysis.Of(model);
        return ChannelPruner.Apply(analysis, Plan(analysis, rate, seed));
    }

    [Fact]
    public void Require_WhereEachInnerValueIsComparedOnOneInput_StillFindsAWrongWeightInAnyLayer()
    {
        var analysis = ModelAnalysis.Of(TestModels.ResidualBlocks());
        var plan = Plan(analysis, 0.5, 1);
        var removed = new RemovedChannels(analysis, plan);
        var size = new SegmentSize(Nodes: 2, PerInput: 0);

        RemovalCheck.Require(analysis, removed, ChannelPruner.Remove(analysis, removed), size);
        foreach (var index in ChannelPruner.Remove(analysis, removed).Graph.Nodes.Index().Where(n => n.Item.OperatorType == "Conv").Select(n => n.Index))
        {
            var pruned = ChannelPruner.Remove(analysis, removed);
            var weight = pruned.Graph.Nodes[index].Input(1)!;
            new GraphEditor(pruned.Graph).SetInitializer(weight, weight.Constant!.Map((i, w) => i == 0 ? w + 0.1f : w));
            Assert.Throws<ModelException>(() => RemovalCheck.Require(analysis, removed, pruned, size));
        }
    }

    private static RemovalProof Prove(Model model, int nodes, int seed)
    {
        var analysis = ModelAnalysis.Of(model);
        var removed = new RemovedChannels(analysis, Plan(analysis, 0.5, seed));
        return RemovalCheck.Require(analysis, removed, ChannelPruner.Remove(analysis, removed), new SegmentSize(nodes));
    }

    private static PrunePlan Plan(ModelAnalysis analysis, double rate, int seed) =>
        new PrunePlanner(analysis, CriterionRegistry.Find("random"), seed)
            .Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, seed));
}
