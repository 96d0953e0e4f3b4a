using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Penalties, the proximal step and growing masks, by numbers that one works out on paper.</summary>
public sealed class SparsifyingTests
{
    private static readonly TrainingOptions Constant = new() { LearningRate = 0.1, Schedule = LearningSchedule.Constant };

    [TorchFact]
    public void GroupShrink_ShortensEachChannelAsAWhole_AndKillsWhatIsShort()
    {
        // Channel 0 has the vector (3, 0, 4) of norm 5, channel 1 the vector (0.1, 0.1, 0). Each has 3 weights.
        using var graph = new TorchGraph(ModelAnalysis.ForTraining(TwoChannels()).Model);
        using var shrink = new GroupShrink(graph, ModelAnalysis.ForTraining(TwoChannels()), 2, Constant);

        shrink.AfterStep(1, 10);

        var factor = 1 - (0.1 * 2 * Math.Sqrt(3) / 5);
        Assert.Equal([3 * factor, 0], Floats(graph, 0), Close);
        Assert.Equal([0, 4 * factor, 0, 0], Floats(graph, 1), Close);
    }

    [TorchFact]
    public void GroupShrink_WithoutAStrength_TakesTheLighterHalfByTheLastStep()
    {
        // Root mean squares 5 / sqrt 3 and sqrt(0.02 / 3); the rates of all ten steps add up to 1.
        using var graph = new TorchGraph(ModelAnalysis.ForTraining(TwoChannels()).Model);
        using var shrink = new GroupShrink(graph, ModelAnalysis.ForTraining(TwoChannels()), null, Constant);

        for (var step = 1; step <= 9; step++)
        {
            shrink.AfterStep(step, 10);
        }

        Assert.Equal(0.01, Floats(graph, 0).Last(), Close);
        shrink.AfterStep(10, 10);

        Assert.Equal([3 * (1 - (Math.Sqrt(0.02) / 5)), 0], Floats(graph, 0), Close);
    }

    [TorchFact]
    public void GroupShrink_WithoutAStrength_LeavesAShortRunToTheSamples()
    {
        using var graph = new TorchGraph(ModelAnalysis.ForTraining(TwoChannels()).Model);
        using var shrink = new GroupShrink(graph, ModelAnalysis.ForTraining(TwoChannels()), null, Constant);

        shrink.AfterStep(1, 1);

        Assert.Equal(0.1 * (1 - (0.1 * 0.1 * Math.Sqrt(3) / Math.Sqrt(0.02))), Floats(graph, 0).Last(), Close);
    }

    [TorchFact]
    public void GroupShrink_CountsBiasesAndTheColumnsOfGroupedConvolutions()
    {
        var analysis = ModelAnalysis.ForTraining(TestModels.GroupedConv());
        using var graph = new TorchGraph(analysis.Model);
        using var weights = new JointWeights(graph, analysis.Groups[0]);

        var expected = GroupWeights.WithVectors(analysis.Groups[0]).Select(w => w.Sums(2)).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(Math.Sqrt);
        using var norms = weights.Norms();

        Assert.Contains(GroupWeights.WithVectors(analysis.Groups[0]), w => w is BlockWeights);
        Assert.Contains(GroupWeights.WithVectors(analysis.Groups[0]), w => w.Weight.Constant!.Rank == 1);
        Assert.Equal(expected, TorchTensors.ToFloats(norms).Select(n => (double)n), Close);
    }

    [TorchTheory]
    [InlineData(1, 0.5 * 7.2)]
    [InlineData(2, 0.5 * 25.02)]
    public void WeightNorm_IsStrengthTimesTheSum(int power, double expected)
    {
        using var graph = new TorchGraph(TwoChannels());

        using var value = new WeightNorm([.. graph.Parameters.Values], power, 0.5).Value();

        Assert.Equal(expected, value.item<float>(), 1e-4);
    }

    [TorchFact]
    public void GradualMasks_FollowTheCubicSchedule_AndOnlyGrow()
    {
        using var graph = new TorchGraph(TestModels.Mlp());
        using var masks = new GradualMasks(graph, MaskableWeights.Of(graph.Source), 0.8);
        var count = masks.Kept.Values.Sum(m => m.numel());

        // The ramp of 400 steps ends at step 300; halfway 1 - 1/8 of the zeros are there.
        Assert.Equal((long)Math.Round(0.8 * 7 / 8 * count), masks.Zeros(150, 400));
        var before = new bool[count];
        foreach (var step in Enumerable.Range(1, 400))
        {
            masks.AfterStep(step, 400);
            var now = masks.Kept.Values.SelectMany(m => TorchTensors.ToFloats(m)).Select(m => m == 0).ToArray();
            Assert.True(before.Zip(now).All(p => !p.First || p.Second));
            before = now;
        }

        Assert.Equal((long)Math.Round(0.8 * count), before.LongCount(z => z));
        var weights = MaskableWeights.Of(graph.Source).SelectMany(n => TorchTensors.ToFloats(graph.Parameters[n])).ToArray();
        Assert.Equal(before, weights.Select(w => w == 0));
    }

    [TorchFact]
    public void GlobalMagnitude_MasksTheSmallestOfAllLayers_AndKeepsWhatIsMasked()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.tensor(new[] { 5f, -1, 3 }), torch.tensor(new[] { 2f, 100 }));
        var (maskA, maskB) = (torch.ones(3), torch.tensor(new[] { 1f, 0 }));

        GlobalMagnitude.Grow([(a, maskA), (b, maskB)], 3);

        Assert.Equal([1f, 0, 1], TorchTensors.ToFloats(maskA));
        Assert.Equal([0f, 0], TorchTensors.ToFloats(maskB));
    }

    [Fact]
    public void DeadChannels_AreThoseFarBelowTheMedian_AndLeaveGroupsSound()
    {
        var model = WithDead(TestModels.GroupedConv());
        var analysis = ModelAnalysis.Of(model);
        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("l2"), 1).Plan(new PlanOptions(0, PruningScope.Global, 0.9, null, Precision.Float32, 1));

        var dead = DeadChannels.Of(analysis, SparseTrainingMethod.GroupLasso);
        var added = DeadChannels.Add(plan, analysis, dead);

        Assert.Contains(dead, d => d.Length > 0);
        Assert.All(added.Groups.Zip(analysis.Groups), p => Assert.True(p.Second.Channels.Count - p.First.Remove.Count >= p.Second.Least));
        Assert.True(added.Groups.Sum(g => g.Remove.Count) > 0);
        Assert.True(added.Reached > 0);
        Assert.InRange(ChannelPruner.Apply(analysis, added).Proof.MaxRelativeError, 0, 1e-5);
    }

    private static IEqualityComparer<double> Close { get; } = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-5 * Math.Max(1, Math.Abs(b)));

    private static IEnumerable<double> Floats(TorchGraph graph, int weight) => TorchTensors.ToFloats(graph.Parameters.Values.ElementAt(weight)).Select(f => (double)f);

    // Weights (3, 0.1) make two channels; the columns (0, 4) and (0.1, 0) read them: with transB the rows are outputs.
    private static Model TwoChannels()
    {
        GraphBuilder g = new();
        var h = g.Op("Gemm", [g.BatchInput(1), g.Constant(Tensor.Of([1, 2], [3f, 0.1f]))]);
        g.Output(g.Op("Gemm", [h, g.Constant(Tensor.Of([2, 2], [0f, 4, 0.1f, 0]))]));
        return g.Build();
    }

    // Two channels of each half of every group lose everything that goes with them.
    private static Model WithDead(Model model)
    {
        var analysis = ModelAnalysis.Of(model);
        var copy = analysis.Model.Clone();
        var editor = new GraphEditor(copy.Graph);
        foreach (var group in analysis.Groups)
        {
            var each = group.Channels.Count / group.Blocks;
            var dead = Enumerable.Range(0, group.Blocks).Select(b => b * each).ToList();
            foreach (var weights in GroupWeights.WithVectors(group))
            {
                var places = dead.SelectMany(weights.Places).ToHashSet();
                var value = copy.Graph.Values[weights.Weight.Name];
                editor.SetInitializer(value, value.Constant!.Map((i, w) => places.Contains(i) ? 0 : w));
            }
        }

        return copy;
    }
}
