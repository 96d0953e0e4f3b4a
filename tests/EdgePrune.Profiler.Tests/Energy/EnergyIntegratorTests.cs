using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class EnergyIntegratorTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private static PowerSample[] Every20Ms(int count, Func<double, double> watts) =>
        [.. Enumerable.Range(0, count).Select(i => new PowerSample(i * 20, watts(i * 0.02)))];

    [Fact]
    public void Integrate_OfARamp_IsExact()
    {
        var integral = EnergyIntegrator.Integrate(Every20Ms(101, t => 3 * t), 0, 2000, Period, 1000);
        Assert.Equal(6, integral.Joules, 9);
        Assert.Equal(1, integral.Coverage, 9);
        Assert.Equal(3, integral.MeanWatts!.Value, 9);
    }

    [Fact]
    public void Integrate_WithEdgesBetweenSamples_Interpolates()
    {
        var integral = EnergyIntegrator.Integrate(Every20Ms(101, t => 3 * t), 1005, 1015, Period, 1000);
        Assert.Equal(3 * 1.010 * 0.010, integral.Joules, 9);
        Assert.Equal(1, integral.Coverage, 9);
    }

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(3, 0.97)]
    [InlineData(10, 0.9)]
    public void Integrate_OverAGap_LeavesOutWhatIsLongerThanTwoAndAHalfPeriods(int missingPeriods, double coverage)
    {
        PowerSample[] samples = [.. Every20Ms(101, _ => 5).Where(s => s.Timestamp <= 1000 || s.Timestamp >= 1000 + (missingPeriods * 20))];
        var integral = EnergyIntegrator.Integrate(samples, 0, 2000, Period, 1000);
        Assert.Equal(coverage, integral.Coverage, 6);
        Assert.Equal(5, integral.MeanWatts!.Value, 6);
    }

    [Fact]
    public void Integrate_OfNothing_CoversNothing()
    {
        var integral = EnergyIntegrator.Integrate([], 0, 1000, Period, 1000);
        Assert.Equal(0, integral.Coverage);
        Assert.Null(integral.MeanWatts);
    }

    [Fact]
    public void SampleOnce_PlacesTheSampleInTheMiddleOfTheReading()
    {
        var clock = new ManualClock();
        var answers = new Queue<double?>([4.0, null, double.NaN, 6.0]);
        using var sampler = new PowerSampler(
            new FakePowerSensor(() =>
            {
                clock.Advance(1000);
                return answers.Dequeue();
            }),
            clock);
        for (var i = 0; i < 4; i++)
        {
            sampler.SampleOnce();
        }

        Assert.Equal([new PowerSample(500, 4), new PowerSample(3500, 6)], sampler.Samples());
    }

    [Fact]
    public void SampleOnce_WhenTheBusFails_LeavesAGap()
    {
        var sensor = new FakePowerSensor(new Func<PowerReading>(() => throw new IOException("no answer")));
        using (var sampler = new PowerSampler(sensor, new ManualClock()))
        {
            sampler.SampleOnce();
            Assert.Empty(sampler.Samples());
            Assert.Equal(PowerFault.NoAnswer, Assert.Single(sampler.Faults()).Fault);
        }

        Assert.True(sensor.Disposed);
    }

    [Fact]
    public void SampleOnce_OfASensorThatLags_PlacesTheSampleEarlier()
    {
        var clock = new ManualClock();
        clock.Advance(50_000);
        using var sampler = new PowerSampler(new FakePowerSensor(() => 1.0) { Lag = TimeSpan.FromMilliseconds(10) }, clock);
        sampler.SampleOnce();
        Assert.Equal(40_000, Assert.Single(sampler.Samples()).Timestamp);
    }

    [Fact]
    public void Period_OfAnImpatientSensor_IsAtLeast10Ms()
    {
        using var sampler = new PowerSampler(new FakePowerSensor(() => 1.0) { Period = TimeSpan.FromMilliseconds(1) }, new ManualClock());
        Assert.Equal(TimeSpan.FromMilliseconds(10), sampler.Period);
    }
}
