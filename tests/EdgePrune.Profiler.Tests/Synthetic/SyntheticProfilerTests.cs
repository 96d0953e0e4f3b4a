using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class SyntheticProfilerTests
{
    private static readonly ProfileSettings Settings = new() { Window = TimeSpan.FromSeconds(1), MinRunsPerWindow = 60, PerOperator = false };

    private static SyntheticWork Work(int channels) => new([channels, channels], [1e5, 1e5], 1e5, 50_000_000);

    private static ProfileReport Measure(SyntheticDevice device, int seed = 1, int channels = 64, ProfileSettings? settings = null) =>
        new SyntheticProfiler(device, _ => Work(channels), seed).ProfileAsync("m", settings ?? Settings, CancellationToken.None).Result;

    [Theory]
    [InlineData(57, 64)]
    [InlineData(63, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 72)]
    public void Latency_IsAStaircaseOfTheQuantum(int channels, int computed) =>
        Assert.Equal(new SyntheticDevice().Latency(Work(computed)), new SyntheticDevice().Latency(Work(channels)));

    [Fact]
    public void Latency_OfMuchMemory_IsThatOfTheMemory() =>
        Assert.Equal(1.00002, new SyntheticDevice().Latency(Work(8) with { Bytes = 2e9 }).TotalSeconds, 9);

    [Fact]
    public async Task ProfileAsync_WithTheSameSeed_GivesTheSameReport()
    {
        async Task<string> Json(int seed) => System.Text.Json.JsonSerializer.Serialize(
            await new SyntheticProfiler(new SyntheticDevice(), _ => Work(64), seed).ProfileAsync("m", Settings, TestContext.Current.CancellationToken),
            ContractsJson.Default.ProfileReport);
        Assert.Equal(await Json(5), await Json(5));
        Assert.NotEqual(await Json(5), await Json(6));
    }

    [Fact]
    public void ProfileAsync_OfAQuietDevice_FindsItsLatencyAndPower()
    {
        var device = new SyntheticDevice();
        var report = Measure(device);
        Assert.Equal(RunValidity.Valid, report.Verdict.Validity);
        var truth = device.Latency(Work(64));
        Assert.InRange(report.Latency.P50.Estimate, truth * 0.99, truth * 1.01);
        Assert.InRange(report.Energy!.Gross.Joules, 6 * truth.TotalSeconds * 0.98, 6 * truth.TotalSeconds * 1.02);
        Assert.InRange(report.Energy.Net!.Value.Joules, 3.5 * truth.TotalSeconds * 0.98, 3.5 * truth.TotalSeconds * 1.02);
        Assert.True(report.Cold.FirstRun > truth * 1.8);
        Assert.Equal(new ByteSize(50_000_000), report.Memory.PeakResident);
    }

    [Fact]
    public void ProfileAsync_WithAPeriod_StaysCool()
    {
        var device = new SyntheticDevice { DegreesPerWatt = 12, ThermalTime = TimeSpan.FromSeconds(2) };
        Assert.Equal(RunValidity.Invalid, Measure(device).Verdict.Validity);
        var rested = Measure(device, settings: Settings with { Period = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(RunValidity.Valid, rested.Verdict.Validity);
    }

    [Fact]
    public async Task ProfileAsync_OfFaultySettings_Throws() =>
        await Assert.ThrowsAsync<InputException>(() => new SyntheticProfiler(new SyntheticDevice(), _ => Work(8), 1).ProfileAsync("m", Settings with { Windows = 1 }, TestContext.Current.CancellationToken));

    // Without the kernel's count of our own waiting, that of others stands in, and cries wolf.
    [Fact]
    public void Verdict_OfAPoliteLoadThatIsNotCounted_IsNotValid()
    {
        var report = Measure(new SyntheticDevice { PoliteLoad = 0.5, TellsWaiting = false });
        Assert.Null(report.Conditions.RunQueuePercent);
        Assert.InRange(report.Conditions.CpuStallPercent!.Value, 45, 55);
        Assert.NotEqual(RunValidity.Valid, report.Verdict.Validity);
    }

    private static int Sessions => LongSuite.IsOn ? 2000 : 60;

    private static SyntheticDevice Draw(string kind, Random random)
    {
        var quiet = new SyntheticDevice
        {
            Noise = 0.005 + (0.035 * random.NextDouble()),
            NoiseCorrelation = 0.6 * random.NextDouble(),
            LoadShare = 0.01 * random.NextDouble(),
            DriftPerHour = 2 * random.NextDouble(),
        };
        return kind switch
        {
            "quiet" => quiet,
            // Over the 5 s of the windows the latency grows by 10 to 40 %.
            "drifting" => quiet with { DriftPerHour = (0.1 + (0.3 * random.NextDouble())) * 720 },
            // Between half and all of the way to its end temperature, the device crosses the limit.
            "throttled" => quiet with { DegreesPerWatt = 11 + (4 * random.NextDouble()), ThermalTime = TimeSpan.FromSeconds(1 + random.NextDouble()) },
            "throttled, untold" => Draw("throttled", random) with { TellsThrottling = false },
            "loaded" => quiet with { LoadShare = 0.1 + (0.4 * random.NextDouble()), LoadPenalty = 0.7 + (2 * random.NextDouble()) },
            "loaded, uncounted" => Draw("loaded", random) with { TellsWaiting = false },
            // Others wait 10 to 100 % of the time for the model, and take nothing from it.
            "politely loaded" => quiet with { PoliteLoad = 0.1 + (0.9 * random.NextDouble()) },
            "loaded both ways" => Draw("loaded", random) with { PoliteLoad = 0.1 + (0.9 * random.NextDouble()) },
            _ => throw new ArgumentException(kind),
        };
    }

    [Theory]
    [InlineData("quiet", false)]
    [InlineData("drifting", true)]
    [InlineData("throttled", true)]
    [InlineData("throttled, untold", true)]
    [InlineData("loaded", true)]
    [InlineData("loaded, uncounted", true)]
    [InlineData("politely loaded", false)]
    [InlineData("loaded both ways", true)]
    public void Verdict_OfManySessions_FlagsTheDisturbedAndLeavesTheQuiet(string kind, bool disturbed)
    {
        var random = new SplitMix(77);
        var flagged = Enumerable.Range(0, Sessions).Count(i => Measure(Draw(kind, random), seed: i, settings: Settings with { Window = TimeSpan.FromSeconds(1) }).Verdict.Validity != RunValidity.Valid);
        var share = flagged / (double)Sessions;
        if (LongSuite.IsOn)
        {
            Console.Error.WriteLine($"{kind}: {100 * share:0.00} % of {Sessions} flagged");
        }

        Assert.True(disturbed ? share >= 0.95 : share <= 0.05, $"{kind}: {flagged} of {Sessions} flagged");
    }
}
