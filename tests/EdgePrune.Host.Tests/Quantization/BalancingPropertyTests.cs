using CsCheck;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class BalancingPropertyTests
{
    [Fact]
    public void RandomGraphs_BalancedByAnyRanges_GiveTheSameOutputs() =>
        (from graph in RandomGraphs.Gen
         from power in Gen.Double[0.05, 1]
         from seed in Gen.Int[0, 999]
         select (graph, power, seed))
        .Sample(c => AssertHolds(BalancingProperty.Fault(c.graph, c.power, c.seed)), iter: 200, threads: 1);

    [Fact]
    public void FiveThousandRandomGraphs_BalancedByAnyRanges_GiveTheSameOutputs()
    {
        Assert.SkipUnless(LongSuite.IsOn, LongSuite.Reason);

        Assert.Empty(LongSuite.ForSeeds("balanced", 5_000, seed => BalancingProperty.Fault(RandomGraphs.AnyFromSeed(seed, 1 + (seed % 14)), 0.25 * (1 + (seed % 4)), seed)));
    }

    [Fact]
    public void RandomGraphs_Balanced_AreMostlyChanged()
    {
        var graphs = RandomGraphs.Fixed(40).ToList();

        Assert.InRange(graphs.Count(g => BalancingProperty.Balance(g.Model, 0.5, 1).Balanced is not null), 10, graphs.Count);
    }

    // Every second graph has a fixed batch of 2, which samples cannot be fed to.
    [Fact]
    public void RandomGraphs_WithHighBiasesAbsorbed_GiveTheSameOutputs()
    {
        var seeds = Enumerable.Range(0, LongSuite.IsOn ? 1_000 : 60).Select(i => 2 * i).ToList();

        Assert.Empty(seeds.Select(seed => BalancingProperty.AbsorptionFault(RandomGraphs.AnyFromSeed(seed, 1 + (seed % 13)), seed)).OfType<string>());
        Assert.InRange(seeds.Take(60).Count(seed => BalancingProperty.Absorb(RandomGraphs.AnyFromSeed(seed, 1 + (seed % 13)).Model, seed).Absorbed is not null), 5, 60);
    }

    private static void AssertHolds(string? fault) => Assert.True(fault is null, fault);
}
