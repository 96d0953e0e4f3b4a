using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class ValidityJudgeTests
{
    private static readonly RunConditions Quiet = new()
    {
        OnnxRuntimeVersion = "1.31.1",
        Fingerprint = "",
        ClockMhz = [1800, 1800],
        TemperatureCelsius = [50, 55],
        CpuPressurePercent = [0, 1],
        Throttling = [],
    };

    private static readonly ValidityEvidence Good = new()
    {
        Conditions = Quiet,
        Warmup = new WarmupResult(100, TimeSpan.FromSeconds(1), SteadyState: true),
        Windows = [Window(100), Window(102), Window(101)],
        ManagedBytesPerRun = 0,
    };

    private static WindowStatistics Window(double microseconds, int collections = 0)
    {
        var time = TimeSpan.FromMicroseconds(microseconds);
        return new WindowStatistics(60, time, time, time, collections);
    }

    private static void Expect(RunValidity validity, string word, ValidityEvidence evidence)
    {
        var verdict = ValidityJudge.Judge(evidence);
        Assert.Equal(validity, verdict.Validity);
        Assert.Contains(word, Assert.Single(verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OfAQuietRun_IsValidWithoutReasons()
    {
        var verdict = ValidityJudge.Judge(Good);
        Assert.Equal(RunValidity.Valid, verdict.Validity);
        Assert.Empty(verdict.Reasons);
    }

    [Fact]
    public void Judge_WhenNothingCouldBeRead_IsValid() =>
        Assert.Equal(RunValidity.Valid, ValidityJudge.Judge(Good with { Conditions = new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = "" } }).Validity);

    [Theory]
    [InlineData(5, RunValidity.Valid)]
    [InlineData(5.1, RunValidity.Suspect)]
    [InlineData(81, RunValidity.Invalid)]
    public void Judge_OfPressure_Grades(double percent, RunValidity expected) =>
        Assert.Equal(expected, ValidityJudge.Judge(Good with { Conditions = Quiet with { CpuPressurePercent = [0, percent] } }).Validity);

    [Theory]
    [InlineData(1790, RunValidity.Valid)]
    [InlineData(1700, RunValidity.Suspect)]
    [InlineData(600, RunValidity.Invalid)]
    public void Judge_OfTheClock_Grades(double after, RunValidity expected) =>
        Assert.Equal(expected, ValidityJudge.Judge(Good with { Conditions = Quiet with { ClockMhz = [1800, after] } }).Validity);

    [Theory]
    [InlineData(75, RunValidity.Valid)]
    [InlineData(76, RunValidity.Suspect)]
    [InlineData(86, RunValidity.Invalid)]
    public void Judge_OfTheTemperature_Grades(double after, RunValidity expected) =>
        Assert.Equal(expected, ValidityJudge.Judge(Good with { Conditions = Quiet with { TemperatureCelsius = [50, after] } }).Validity);

    [Theory]
    [InlineData(105, RunValidity.Valid)]
    [InlineData(106, RunValidity.Suspect)]
    [InlineData(151, RunValidity.Invalid)]
    public void Judge_OfTheWindows_Grades(double slowest, RunValidity expected) =>
        Assert.Equal(expected, ValidityJudge.Judge(Good with { Windows = [Window(100), Window(slowest)] }).Validity);

    [Fact]
    public void Judge_OfThrottling_IsInvalid() =>
        Expect(RunValidity.Invalid, "under-voltage", Good with { Conditions = Quiet with { Throttling = ["under-voltage"] } });

    [Fact]
    public void Judge_WithoutSteadyState_IsSuspect() =>
        Expect(RunValidity.Suspect, "steady state", Good with { Warmup = Good.Warmup with { SteadyState = false } });

    [Fact]
    public void Judge_OfAllocation_IsSuspect() => Expect(RunValidity.Suspect, "24 managed bytes", Good with { ManagedBytesPerRun = 24 });

    [Fact]
    public void Judge_OfCollections_IsSuspect() => Expect(RunValidity.Suspect, "garbage", Good with { Windows = [Window(100, collections: 1)] });

    [Fact]
    public void Judge_OfPoorPowerCoverage_IsSuspect() =>
        Expect(RunValidity.Suspect, "cover 50 %", Good with { Energy = new EnergyOutcome(new EnergyUse("fake", new Energy(1), null, 0.5, false), []) });

    [Fact]
    public void Judge_WithoutWindows_IsInvalid() => Expect(RunValidity.Invalid, "no measuring window", Good with { Windows = [] });

    [Fact]
    public void Judge_OfSeveralFaults_NamesAllAndTakesTheWorst()
    {
        var verdict = ValidityJudge.Judge(Good with { ManagedBytesPerRun = 1, Conditions = Quiet with { Throttling = ["throttled"] } });
        Assert.Equal(RunValidity.Invalid, verdict.Validity);
        Assert.Equal(2, verdict.Reasons.Count);
    }

    [Theory]
    [InlineData(4, RunValidity.Valid)]
    [InlineData(6, RunValidity.Suspect)]
    public void Judge_OfTheStallWithinTheWindows_CountsAndNotTheMeanBeforeThem(double percent, RunValidity expected) =>
        Assert.Equal(expected, ValidityJudge.Judge(Good with { Conditions = Quiet with { CpuPressurePercent = [60, 20], CpuStallPercent = percent } }).Validity);

    [Theory]
    [InlineData(5, RunValidity.Valid)]
    [InlineData(5.1, RunValidity.Suspect)]
    [InlineData(51, RunValidity.Invalid)]
    public void Judge_OfTheMeasuringThreadsWaiting_GradesItAndNotWhatOthersWaited(double percent, RunValidity expected) =>
        Assert.Equal(expected, ValidityJudge.Judge(Good with { Conditions = Quiet with { CpuPressurePercent = [90, 90], CpuStallPercent = 95, RunQueuePercent = percent } }).Validity);

    [Fact]
    public void Judge_WhenTheKernelsClockIsALie_IsInvalid() =>
        Expect(RunValidity.Invalid, "tells 1400 MHz but the processor runs at 600", Good with { Conditions = Quiet with { ClockMhz = [1400, 1400], CalibratedMhz = [600, 600] } });

    [Fact]
    public void Judge_OfTheRealClock_GradesItsShift() =>
        Expect(RunValidity.Suspect, "clock went from 1500 to 1400", Good with { Conditions = Quiet with { ClockMhz = [1500, 1500], CalibratedMhz = [1500, 1400] } });

    [Fact]
    public void Judge_OfSwapping_IsSuspect() => Expect(RunValidity.Suspect, "3 pages", Good with { Conditions = Quiet with { SwappedPages = 3 } });

    [Fact]
    public void Judge_OfWaitingForMemory_IsSuspect() => Expect(RunValidity.Suspect, "for memory 7 %", Good with { Conditions = Quiet with { MemoryStallPercent = 7 } });

    [Fact]
    public void Judge_OfWindowsWhoseBoundsMeet_IsValid()
    {
        WindowStatistics Bounded(double p50, double lower, double upper) =>
            Window(p50) with { P50Lower = TimeSpan.FromMicroseconds(lower), P50Upper = TimeSpan.FromMicroseconds(upper) };
        Assert.Equal(RunValidity.Valid, ValidityJudge.Judge(Good with { Windows = [Bounded(100, 90, 112), Bounded(120, 110, 130)] }).Validity);
        Assert.Equal(RunValidity.Suspect, ValidityJudge.Judge(Good with { Windows = [Bounded(100, 90, 109), Bounded(120, 110, 130)] }).Validity);
    }
}
