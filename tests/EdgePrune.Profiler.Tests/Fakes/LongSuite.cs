namespace EdgePrune.Profiler.Tests;

/// <summary>Whether the long suite is asked for.</summary>
internal static class LongSuite
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("EDGEPRUNE_LONG") == "1";

    /// <summary>Skips a test that takes long, unless the long suite is on.</summary>
    public static void Require() => Assert.SkipUnless(IsOn, "Takes long: runs with './test --long'.");
}
