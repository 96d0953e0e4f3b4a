using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

/// <summary>From samples of simulated loads to joules: waveforms, windows, idling, and what must give no joule at all.</summary>
public sealed class EnergyEvaluationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static EnergyIntegral For(double watts, double coverage = 1) => new(watts * coverage, Second * coverage, Second);

    private static EnergyOutcome Run(EnergyIntegral before, EnergyIntegral[] windows, EnergyIntegral after, params PowerFault[] faults) =>
        new EnergyEvaluation("fake", estimated: false).Run(before, [.. windows.Select(w => (w, 10L))], after, faults);

    [Fact]
    public void Run_WithSteadyIdle_SubtractsIt()
    {
        var use = Run(For(3), [For(6, 0.9), For(6)], For(3)).Use!;
        Assert.Equal(0.6, use.Gross.Joules, 9);
        Assert.Equal(0.3, use.Net!.Value.Joules, 9);
        Assert.Equal(0.95, use.Coverage, 9);
        Assert.Equal([3, 3], use.IdleWatts!);
        Assert.Equal(0, use.Spread!.Value, 9);
    }

    [Theory]
    [InlineData(3.2, 1, "before and 3.2 W after")]
    [InlineData(0, 0, "not measured")]
    public void Run_WhenIdleChangedOrIsUnknown_HasNoNetEnergy(double wattsAfter, double coverage, string reason)
    {
        var outcome = Run(For(3), [For(6)], For(wattsAfter, coverage));
        Assert.Null(outcome.Use!.Net);
        Assert.Equal(new Energy(0.6), outcome.Use.Gross);
        Assert.Contains(reason, Assert.Single(outcome.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PowerFault.Saturated, false)]
    [InlineData(PowerFault.Frozen, false)]
    [InlineData(PowerFault.NoAnswer, true)]
    [InlineData(PowerFault.ShortRead, true)]
    [InlineData(PowerFault.Stale, true)]
    [InlineData(PowerFault.Reset, true)]
    [InlineData(PowerFault.Disturbed, true)]
    public void Run_WithFaults_NamesThemAndGivesNoJouleThatIsWrong(PowerFault fault, bool usable)
    {
        var outcome = Run(For(3), [For(6)], For(3), fault, fault);
        Assert.Equal(usable, outcome.Use is not null);
        Assert.Contains("(2 readings)", Assert.Single(outcome.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithLittleCoverage_GivesNoJoule()
    {
        var outcome = Run(For(3), [For(6, 0.4)], For(3));
        Assert.Null(outcome.Use);
        Assert.Contains("40 %", Assert.Single(outcome.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenWindowsDisagree_SaysByHowMuch()
    {
        var outcome = Run(For(3), [For(6), For(7)], For(3));
        Assert.Equal(1 / 3.5, outcome.Use!.Spread!.Value, 9);
        Assert.Contains("28.6 %", Assert.Single(outcome.Reasons), StringComparison.Ordinal);
    }

    private static double Waveform(string shape, double t) => shape switch
    {
        "constant" => 4,
        "ramp" => 2 + (0.3 * t),
        "square" => t % 0.7 < 0.35 ? 3 : 6,
        "sine" => 4 + (2 * Math.Sin(2 * Math.PI * t / 0.31)),
        // 0.2 ms of 8 W more every 37.3 ms: far shorter than a sample.
        "spikes" => 4 + (t % 0.0373 < 0.0002 ? 8 : 0),
        _ => throw new ArgumentException(shape),
    };

    private static double Truth(string shape, double from, double to)
    {
        const int Steps = 2_000_000;
        var step = (to - from) / Steps;
        return Enumerable.Range(0, Steps).Sum(i => Waveform(shape, from + ((i + 0.5) * step)) * step);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("ramp")]
    [InlineData("square")]
    [InlineData("sine")]
    [InlineData("spikes")]
    public void Integrate_OfAWaveformThroughAChip_IsRightWithinAThousandth(string shape)
    {
        var clock = new ManualClock();
        var chip = new SimulatedMonitor(MonitorChips.Ina226, clock) { ShuntOhms = 0.02, Load = t => (5, Waveform(shape, t) / 5) };
        using var sampler = new PowerSampler(new PowerMonitor(chip, MonitorChips.Ina226, [0.02]), clock);
        // The sampler's own period, with the jitter of a busy scheduler and the time that a reading takes.
        var random = new Random(11);
        for (var due = 0.0; due < 12e6; due += sampler.Period.TotalMicroseconds)
        {
            clock.Advance(Math.Max(0, due + (random.NextDouble() * 800) - (clock.Seconds * 1e6)));
            sampler.SampleOnce();
            clock.Advance(200);
        }

        const double From = 1.0, To = 11.0;
        var integral = EnergyIntegrator.Integrate(sampler.Samples(), (long)(From * 1e6), (long)(To * 1e6), sampler.Period, clock.TimestampFrequency);
        var truth = Truth(shape, From, To);
        Assert.InRange(integral.Joules / integral.Coverage, truth * 0.999, truth * 1.001);
        Assert.InRange(integral.Coverage, 0.999, 1.0001);
    }

    [Fact]
    public void Run_OverFiveWindowsOfASyntheticLoad_SpreadsByAtMostTwoPercent()
    {
        // 3 W of idling, 6 W of work with 5 % noise that lasts 50 ms: the example of the error budget.
        var clock = new ManualClock();
        var random = new Random(5);
        var noise = 0.0;
        double Watts(double t) => t is >= 2 and < 52 ? 6 * (1 + (0.05 * noise)) : 3 * (1 + (0.05 * noise));
        var chip = new SimulatedMonitor(MonitorChips.Ina226, clock) { ShuntOhms = 0.02, Load = t => (5, Watts(t) / 5) };
        using var sampler = new PowerSampler(new PowerMonitor(chip, MonitorChips.Ina226, [0.02]), clock);
        var decay = Math.Exp(-sampler.Period.TotalSeconds / 0.05);
        while (clock.Seconds < 55)
        {
            noise = (decay * noise) + (Math.Sqrt(1 - (decay * decay)) * Noise.Normal(random));
            clock.Advance(sampler.Period.TotalMicroseconds);
            sampler.SampleOnce();
        }

        EnergyIntegral Over(double from, double to) =>
            EnergyIntegrator.Integrate(sampler.Samples(), (long)(from * 1e6), (long)(to * 1e6), sampler.Period, clock.TimestampFrequency);
        var outcome = new EnergyEvaluation("fake", estimated: false).Run(
            Over(0.1, 1.9), [.. Enumerable.Range(0, 5).Select(i => (Over(2 + (10 * i), 12 + (10 * i)), 1000L))], Over(52.2, 54.9), []);
        Assert.InRange(outcome.Use!.Spread!.Value, 0, 0.02);
        Assert.InRange(outcome.Use.Gross.Joules, 0.06 * 0.99, 0.06 * 1.01);
    }
}
