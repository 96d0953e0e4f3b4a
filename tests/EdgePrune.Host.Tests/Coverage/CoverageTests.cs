using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Every construct of the coverage page is pruned with the proof, or refused for the reason the table states.</summary>
public sealed class CoverageTests
{
    public static TheoryData<string> Names() => [.. CoverageTable.Cases.Select(c => c.Model)];

    [Fact]
    public void Table_HasARowForEveryModel() => Assert.Equal(CoverageModels.Names.Order(), CoverageTable.Cases.Select(c => c.Model).Order());

    [Fact]
    public void Table_HasRowsForEveryItem() => Assert.Equal(Enumerable.Range(1, 26), CoverageTable.Cases.Select(c => c.Item).Distinct().Order());

    [Fact]
    public void Page_NamesEveryModelInTheRowOfItsItem()
    {
        var rows = File.ReadAllLines(RepositoryFiles.Find("docs/coverage.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).ToList();

        var missing = CoverageTable.Cases.Where(c => !rows.Exists(r => r.StartsWith($"| {c.Item} |", StringComparison.Ordinal) && r.Contains($"`{c.Model}`", StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Analysis_FindsTheGroupsAndPinsOfTheTable(string name)
    {
        var expected = CoverageTable.Cases.Single(c => c.Model == name);

        var analysis = ModelAnalysis.Of(CoverageModels.Make(name));

        Assert.Equal(expected.Groups, string.Join(' ', analysis.Groups.Select(g => $"{g.Name}:{g.Channels.Count}{(g.Blocks > 1 ? $"/{g.Blocks}" : "")}")));
        Assert.Equal(expected.Pins, string.Join(' ', analysis.Pins.Select(p => p.Reason.Kind).Where(k => k != PinKind.GraphOutput).Distinct().Select(k => k.ToString()).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pruning_ByHalfAndAgainAndToTheLeast_IsProven(string name)
    {
        var original = ModelNormalizer.Normalize(CoverageModels.Make(name));
        var half = Prune(original, 0.5, seed: 3);
        var again = Prune(half, 0.5, seed: 4);
        var least = Prune(original, 0.99, seed: 5);

        Assert.True(half.ParameterCount < original.ParameterCount, $"{half.ParameterCount} of {original.ParameterCount} parameters stay.");
        Assert.True(again.ParameterCount <= half.ParameterCount);
        Assert.True(least.ParameterCount <= half.ParameterCount);
        Assert.All([half, again, least], pruned => AssertRunsLike(original, pruned));
    }

    [Theory]
    [InlineData("attention-three-matmuls")]
    [InlineData("attention-fused-split")]
    [InlineData("attention-fused-gather")]
    [InlineData("attention-grouped-queries")]
    [InlineData("attention-einsum")]
    [InlineData("attention-masked-free-batch")]
    [InlineData("vit")]
    [InlineData("swin")]
    public void Pruning_AttentionByHeadDimensions_IsProven(string name)
    {
        var options = new GroupingOptions { Attention = AttentionRule.HeadDimensions };
        var analysis = ModelAnalysis.Of(CoverageModels.Make(name), options);

        var (pruned, proof) = ChannelPruner.Apply(analysis, Plan(analysis, 0.5, seed: 2));

        Assert.InRange(proof.MaxRelativeError, 0, 1e-5);
        Assert.Contains(analysis.Groups, g => g.Channels.Count == 4 && g.Reductions.Any(r => r.Kind == ReductionKind.Product));
        AssertRunsLike(analysis.Model, pruned);
    }

    [Theory]
    [InlineData("conv3d")]
    [InlineData("transposed-grouped")]
    [InlineData("transposed-depthwise")]
    [InlineData("grouped-uneven")]
    [InlineData("grouped-single-outputs")]
    [InlineData("grouped-concat-whole")]
    [InlineData("slice-with-step")]
    [InlineData("lstm")]
    [InlineData("lstm-both-ways")]
    [InlineData("lstm-last-state")]
    [InlineData("gru")]
    [InlineData("rnn-backwards")]
    [InlineData("einsum-forms")]
    [InlineData("attention-einsum")]
    [InlineData("vit")]
    public async Task Compression_WithSamples_RanksByOutputErrorAndRepairs(string name)
    {
        var model = CoverageModels.Make(name);

        var result = await CompressionPipeline.RunAsync(model, RandomSamples.For(model, 64), new CompressionOptions { Rate = 0.4 }, null, TestContext.Current.CancellationToken);

        Assert.Equal("obs", result.Plan.Criterion);
        AssertRunsLike(model, OnnxFile.Read(result.Bytes.ToArray()));
    }

    private static Model Prune(Model model, double rate, int seed)
    {
        var analysis = ModelAnalysis.Of(model);
        var (pruned, proof) = ChannelPruner.Apply(analysis, Plan(analysis, rate, seed));
        Assert.InRange(proof.MaxRelativeError, 0, proof.Tolerance);
        Assert.Empty(GraphInvariants.Faults(pruned.Graph));
        return pruned;
    }

    private static PrunePlan Plan(ModelAnalysis analysis, double rate, int seed) =>
        new PrunePlanner(analysis, CriterionRegistry.Find("random"), seed).Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.99, null, Precision.Float32, seed));

    // ONNX Runtime loads both with all its optimizations and gives outputs of the same names, types and shapes.
    private static void AssertRunsLike(Model original, Model pruned)
    {
        var feeds = Feeds.Random(original, 1, freeDimension: 2);
        using var before = new GraphRunner(original);
        using var after = new GraphRunner(OnnxFile.ToBytes(pruned));
        Assert.Equal(before.InputNames, after.InputNames);
        Assert.Equal(before.OutputNames, after.OutputNames);
        Assert.Equal(
            before.Run(feeds).Select(t => $"{t.ElementType} {string.Join(',', t.Dims.ToArray())}"),
            after.Run(feeds).Select(t => $"{t.ElementType} {string.Join(',', t.Dims.ToArray())}"));
    }
}
