using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Cli.Tests;

public sealed class BenchRulesTests
{
    [Fact]
    public async Task PerSecond_ByMlperfTiny_IsTheMedianOfTheWindows()
    {
        var report = await MeasureAsync(macs: 1e8);
        double[] rates = [.. report.Windows.Select(w => 1 / w.P50.TotalSeconds).Order()];

        Assert.Equal(5, rates.Length);
        Assert.Equal(rates[2], BenchRules.MlperfTiny.PerSecond(report));
        Assert.Null(BenchRules.MlperfTiny.Fault(report));
        Assert.Null(BenchRules.Default.PerSecond(report));
    }

    [Fact]
    public async Task Fault_OfAModelTooFastForTenSeconds_SaysThatTheWindowWasFull()
    {
        var report = await MeasureAsync(macs: 1e4);

        Assert.Contains("full after 50000 inferences", BenchRules.MlperfTiny.Fault(report), StringComparison.Ordinal);
        Assert.Null(BenchRules.MlperfTiny.PerSecond(report));
    }

    [Fact]
    public async Task Fault_OfTooFewInferences_SaysSo()
    {
        var report = await MeasureAsync(macs: 1e8);
        report = report with { Windows = [.. report.Windows.Skip(1), report.Windows[0] with { Count = 9 }] };

        Assert.Contains("fewer than 10", BenchRules.MlperfTiny.Fault(report), StringComparison.Ordinal);
        Assert.Contains("There are 4 windows", BenchRules.MlperfTiny.Fault(report with { Windows = [.. report.Windows.Skip(1)] }), StringComparison.Ordinal);
    }

    private static Task<ProfileReport> MeasureAsync(double macs) =>
        new SyntheticProfiler(new SyntheticDevice(), _ => new SyntheticWork([8], [macs], 1000, 1000), seed: 1)
            .ProfileAsync("model", BenchRules.MlperfTiny.Settings(TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken);
}
