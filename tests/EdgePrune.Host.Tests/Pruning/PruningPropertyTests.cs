using CsCheck;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class PruningPropertyTests
{
    [Fact]
    public void RandomGraphs_PrunedAtRandom_EqualTheOriginalWithColumnsZeroed() =>
        (from graph in RandomGraphs.Gen
         from rate in Gen.Double[0.1, 0.9]
         from seed in Gen.Int[0, 999]
         select (graph, rate, seed))
        .Sample(c => AssertHolds(PruningProperty.Fault(c.graph, c.rate, c.seed)), iter: 300, threads: 1);

    [Fact]
    public void TenThousandRandomGraphs_PrunedAtRandom_EqualTheOriginalWithColumnsZeroed()
    {
        Assert.SkipUnless(LongSuite.IsOn, LongSuite.Reason);

        var failures = LongSuite.ForSeeds("pruned and proven", 10_000, seed =>
            PruningProperty.Fault(RandomGraphs.AnyFromSeed(seed, 1 + (seed % 14)), 0.1 + (seed % 17 * 0.05), seed));

        Assert.Empty(failures);
    }

    private static void AssertHolds(string? fault) => Assert.True(fault is null, fault);
}
