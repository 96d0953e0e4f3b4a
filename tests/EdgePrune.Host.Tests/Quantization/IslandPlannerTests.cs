using CsCheck;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Which units are in int8: the cheapest choice of all.</summary>
public sealed class IslandPlannerTests
{
    private static readonly string[] Reading = ["Conv", "HardSwish", "Add", "MaxPool", "MatMul"];

    [Fact]
    public void Choose_RandomGraphsAndCosts_IsAsCheapAsTheBestOfAllChoices() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 9]).Sample(
            (seed, nodes) =>
            {
                var (planner, units) = RandomCase(seed, nodes);
                var chosen = planner.Choose();
                var best = Enumerable.Range(0, 1 << units).Min(mask => planner.Cost([.. Bits(mask, units)]));
                return Math.Abs(planner.Cost(chosen) - best) < 1e-9;
            },
            seed: "0N0XIzNsQ0O2",
            iter: 400);

    [Fact]
    public void Choose_ChoicesThatCostTheSame_TakesTheOneWithFewestInInt8()
    {
        var (units, _) = Units(Chain());
        var planner = new IslandPlanner(units, new FixedCosts(_ => (2, 1), 0.5), _ => false);

        // One in int8 saves 1 and pays for two conversions of 0.5; three save 3 and pay the same.
        Assert.All(planner.Choose(), Assert.True);
        Assert.All(new IslandPlanner(units, new FixedCosts(_ => (2, 1), 1.5), _ => false).Choose(), Assert.False);
    }

    [Fact]
    public void Choose_RegionThatLosesOnlyAsAWhole_StaysInFloat()
    {
        // Each one in float alone would convert twice for a loss of 3: no single one leaves, but together they lose 9 and convert twice.
        var (units, _) = Units(Chain());
        var planner = new IslandPlanner(units, new FixedCosts(u => u.Rule == QuantizationRule.Weighted ? (1, 4) : (0, 0), 2), _ => false);

        Assert.All(planner.Choose(), Assert.False);
        Assert.True(planner.Cost([true, false, true]) > planner.Cost([true, true, true]));
    }

    [Fact]
    public void Choose_RegionThatIsWorthItOnlyAsAWhole_IsInInt8()
    {
        var (units, _) = Units(Chain());
        var planner = new IslandPlanner(units, new FixedCosts(_ => (3, 1), 2.5), _ => false);

        Assert.All(planner.Choose(), Assert.True);
        Assert.True(planner.Cost([true, false, false]) > planner.Cost([false, false, false]));
    }

    [Fact]
    public void Cost_ValueWithSeveralReaders_IsConvertedOnce()
    {
        GraphBuilder g = new(1);
        var x = g.Op("HardSwish", [g.BatchInput(4, 4, 4)]);
        g.Output(g.Op("HardSwish", [g.Conv(x, 4)]));
        g.Output(g.Op("HardSwish", [g.Conv(x, 4)]));
        var (units, _) = Units(g.Build());
        var planner = new IslandPlanner(units, new FixedCosts(_ => (0, 0), 1), _ => false);

        Assert.Equal(3, planner.Cost([true, true]));
        Assert.Equal(2, planner.Cost([true, false]));
    }

    [Fact]
    public void Cost_ProductThatHandsOutFloats_ConvertsOnlyForAReaderInInt8()
    {
        GraphBuilder g = new(1);
        var x = g.MatMul(g.BatchInput(4), 4);
        g.Output(g.MatMul(x, 4));
        var (units, _) = Units(g.Build());
        var planner = new IslandPlanner(units, new FixedCosts(_ => (0, 0), 1), _ => false);

        Assert.Equal(1, planner.Cost([true, false]));
        Assert.Equal(1, planner.Cost([true, true]));
        Assert.Equal(1, planner.Cost([false, true]));
    }

    [Fact]
    public void Choose_ProductWithABiasBehindIt_IsInInt8OnlyTogetherWithIt()
    {
        GraphBuilder g = new(1);
        g.Output(g.Op("Tanh", [g.Add(g.MatMul(g.BatchInput(4), 4), g.Weight(0.1f, 4))]));
        var (units, _) = Units(g.Build());

        Assert.Equal([true, true], new IslandPlanner(units, new FixedCosts(u => (u.Weight is null ? 0 : 5, 0), 1), _ => false).Choose());
        Assert.Equal([false, false], new IslandPlanner(units, new FixedCosts(u => u.Weight is null ? (0, 5) : (5, 0), 1), _ => false).Choose());
    }

    [Fact]
    public void Cost_ValueThatIsBytesFromTheStart_IsConvertedForReadersInFloat()
    {
        var (units, _) = Units(Chain());
        var planner = new IslandPlanner(units, new FixedCosts(_ => (0, 0), 1), name => name == units[0].Inputs.First().Name);

        Assert.Equal(1, planner.Cost([false, false, false]));
        Assert.Equal(1, planner.Cost([true, true, true]));
        Assert.Equal(3, planner.Cost([false, true, true]));
    }

    /// <summary>Conv, MaxPool, Conv between operators that run in float.</summary>
    private static Model Chain()
    {
        GraphBuilder g = new(1);
        g.Output(g.Op("HardSwish", [g.Conv(g.MaxPool(g.Conv(g.Op("HardSwish", [g.BatchInput(4, 8, 8)]), 4)), 4)]));
        return g.Build();
    }

    private static (IslandPlanner Planner, int Units) RandomCase(int seed, int nodes)
    {
        var random = new Random(seed);
        GraphBuilder g = new(seed);
        List<Value> values = [g.BatchInput(4, 4, 4)];
        for (var i = 0; i < nodes; i++)
        {
            var (one, other) = (values[random.Next(values.Count)], values[random.Next(values.Count)]);
            values.Add(Reading[random.Next(Reading.Length)] switch
            {
                "Add" when random.Next(2) == 0 => g.Add(one, g.Weight(0.1f, 4)),
                "Conv" => g.Op("Conv", [one, g.Weight(0.1f, 4, 4, 1, 1)]),
                "Add" => g.Add(one, other),
                "MaxPool" => g.Op("MaxPool", [one], ("kernel_shape", new long[] { 1, 1 })),
                "MatMul" => g.Op("MatMul", [one, g.Weight(0.1f, 4, 4)]),
                var other1 => g.Op(other1, [one]),
            });
        }

        foreach (var last in values.Skip(1).Where(v => !v.IsUsed || random.Next(4) == 0).ToList())
        {
            g.Output(last);
        }

        var (units, _) = Units(g.Build());
        var costs = units.ToDictionary(u => u.Core, _ => (random.Next(12) / 2.0, random.Next(12) / 2.0));
        var conversions = new Dictionary<Value, double>();
        var given = random.Next(3) == 0;
        return (new IslandPlanner(units, new FixedCosts(u => costs[u.Core], v => conversions.TryGetValue(v, out var c) ? c : conversions[v] = random.Next(8) / 2.0), name => given && name == values[0].Name), units.Count);
    }

    private static (List<QuantizationUnit> Units, CalibrationStatistics Statistics) Units(Model model)
    {
        var statistics = CalibrationPass.Run(model, GeneratedSamples.For(model, 2), new Dictionary<string, string>(), CancellationToken.None);
        return (UnitFinder.Find(model.Graph, statistics, new Dictionary<string, string>()).Units, statistics);
    }

    private static IEnumerable<bool> Bits(int mask, int count) => Enumerable.Range(0, count).Select(i => (mask >> i & 1) == 1);

    private sealed class FixedCosts(Func<QuantizationUnit, (double, double)> work, Func<Value, double> conversion) : IUnitCosts
    {
        public FixedCosts(Func<QuantizationUnit, (double, double)> work, double conversion)
            : this(work, _ => conversion)
        {
        }

        public (double Float, double Int8) Of(QuantizationUnit unit) => work(unit);

        public double Conversion(Value value) => conversion(value);
    }
}
