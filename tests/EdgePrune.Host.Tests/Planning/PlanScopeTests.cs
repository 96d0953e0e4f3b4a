using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class PlanScopeTests
{
    private static readonly PlanOptions Half = new(0.5, PruningScope.Global, 0.9, null, Precision.Float32, 1);
    private static readonly Target Board = new()
    {
        Name = "t",
        Title = "T",
        Architecture = "any",
        Quanta = [new ChannelQuantum("any", "any", 4, "test")],
        Performance = new PerformanceEstimate { Float32GigaMacsPerSecond = 1, Int8GigaMacsPerSecond = 2, BandwidthMBs = 1000, OperatorOverheadMicroseconds = 0, Source = "test" },
    };

    public static TheoryData<PruningScope, RateUnit> ScopesAndUnits() =>
        [.. from scope in Enum.GetValues<PruningScope>() from unit in Enum.GetValues<RateUnit>() select (scope, unit)];

    [Theory]
    [MemberData(nameof(ScopesAndUnits))]
    public void Plan_OfAnyUnit_RemovesWhatWasAskedAndLittleMore(PruningScope scope, RateUnit unit)
    {
        var planner = Planner(TestModels.ResidualBlocks());

        var plan = planner.Plan(Half with { Rate = 0.3, Scope = scope, RateOf = unit, Target = Board with { Quanta = [new ChannelQuantum("any", "any", 1, "test")] } });

        Assert.InRange(plan.Reached!.Value, 0.3 - 1e-9, 0.45);
        Assert.Equal(plan.Reached.Value, 1 - (plan.After!.Of(unit) / plan.Before!.Of(unit)), 9);
    }

    [Theory]
    [MemberData(nameof(ScopesAndUnits))]
    public void Plan_AtAHigherRate_RemovesAllThatALowerOneDoes(PruningScope scope, RateUnit unit)
    {
        var planner = Planner(TestModels.ResidualBlocks());
        HashSet<(string, int)> before = [];
        foreach (var rate in Enumerable.Range(0, 20).Select(i => i / 20.0))
        {
            var plan = planner.Plan(Half with { Rate = rate, Scope = scope, RateOf = unit, Target = Board });
            var removed = plan.Groups.SelectMany(g => g.Remove.Select(c => (g.Group, c))).ToHashSet();
            Assert.Subset(removed, before);
            before = removed;
        }

        Assert.NotEmpty(before);
    }

    [Fact]
    public void Plan_ThatCannotReachTheRate_SaysWhatItReaches()
    {
        var plan = Planner(TestModels.MnistCnnLike()).Plan(Half with { Rate = 0.9, RateOf = RateUnit.Bytes, MaxGroupRate = 0.2 });

        Assert.InRange(plan.Reached!.Value, 0.1, 0.5);
        Assert.All(plan.Groups, g => Assert.True(g.Remove.Count <= 0.2 * g.Channels));
    }

    [Fact]
    public void Plan_OfLatencyWithoutEstimates_SaysWhatToName()
    {
        var planner = Planner(TestModels.MnistCnnLike());

        Assert.Contains("--target", Assert.Throws<InputException>(() => planner.Plan(Half with { RateOf = RateUnit.Latency })).Message, StringComparison.Ordinal);
        Assert.Contains("'performance'", Assert.Throws<InputException>(() => planner.Plan(Half with { RateOf = RateUnit.Latency, Target = Board with { Performance = null } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Isomorphic_TakesTheSameShareOfEveryPattern()
    {
        var analysis = ModelAnalysis.Of(TestModels.ResidualBlocks());

        var plan = Planner(analysis).Plan(Half with { Scope = PruningScope.Isomorphic });

        var classes = analysis.Groups.Zip(plan.Groups).GroupBy(p => GroupPattern.Of(p.First)).ToList();
        Assert.Contains(classes, c => c.Count() > 1);
        Assert.All(classes, c =>
        {
            var channels = c.Sum(p => p.First.Channels.Count);
            Assert.InRange(c.Sum(p => p.Second.Remove.Count), (channels / 2) - 1, (channels / 2) + 1);
        });
    }

    [Theory]
    [InlineData(PruningScope.Global)]
    [InlineData(PruningScope.PerLayer)]
    [InlineData(PruningScope.Isomorphic)]
    public void Plan_WithLimits_KeepsThemAndTheQuantum(PruningScope scope)
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var names = analysis.Groups.Select(g => g.Name).ToList();
        GroupLimit[] limits = [new("*", 0.4), new(names[1], 0)];

        var plan = Planner(analysis).Plan(Half with { Rate = 0.8, Scope = scope, Limits = limits, Target = Board });

        Assert.Empty(plan.Groups[1].Remove);
        Assert.NotEmpty(plan.Groups[2].Remove);
        Assert.All(plan.Groups, g => Assert.True(g.Remove.Count <= 0.4 * g.Channels && (g.Channels - g.Remove.Count) % 4 == 0));
    }

    [Fact]
    public void Plan_WithALimitOfNoGroup_NamesTheNearest()
    {
        var analysis = ModelAnalysis.Of(TestModels.MnistCnnLike());
        var name = analysis.Groups[0].Name;

        var error = Assert.Throws<InputException>(() => Planner(analysis).Plan(Half with { Limits = [new GroupLimit(name + "x", 0)] }));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ThatKeepsSpines_PrunesOnlyInsideBlocks()
    {
        var analysis = ModelAnalysis.Of(TestModels.ResidualBlocks());
        var spines = analysis.Groups.Select(ResidualSpine.Is).ToList();

        var plan = Planner(analysis).Plan(Half with { Spines = SpineRule.Keep, Scope = PruningScope.PerLayer });

        Assert.Equal(2, spines.Count(s => s));
        Assert.Equal(spines, plan.Groups.Select(g => g.Remove.Count == 0));
    }

    [Fact]
    public void Plan_OfAModelWithoutAdditions_HasNoSpine() =>
        Assert.DoesNotContain(ModelAnalysis.Of(TestModels.SqueezeExcite()).Groups, ResidualSpine.Is);

    [Fact]
    public void Plan_OfMacsOrParameters_RemovesHalfOfThem()
    {
        var planner = Planner(TestModels.MnistCnnLike());

        var macs = planner.Plan(Half with { RateOf = RateUnit.Macs });
        var parameters = planner.Plan(Half with { RateOf = RateUnit.Parameters });

        Assert.True(macs.After!.Macs <= 0.5 * macs.Before!.Macs);
        Assert.True(parameters.After!.Parameters <= 0.5 * parameters.Before!.Parameters);
    }

    private static PrunePlanner Planner(Model model) => Planner(ModelAnalysis.Of(model));

    private static PrunePlanner Planner(ModelAnalysis analysis) => new(analysis, CriterionRegistry.Find("l2"), 1);
}
