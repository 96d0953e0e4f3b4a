using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class ModelMeasurementTests
{
    private static ProfileReport Measure(TemporaryFolder folder, IPowerSensor? sensor, ProfileSettings settings) =>
        new ModelMeasurement(TimeProvider.System, folder.Files, new ConditionsReader(folder.Files, new FakeFirmware()), () => sensor, () => null)
            .Measure(Repository.SampleModel, settings);

    [Fact]
    public void Measure_WithAPowerSensor_ReportsItsEnergyAndReleasesIt()
    {
        using var folder = new TemporaryFolder();
        var sensor = new FakePowerSensor(() => 5) { Period = TimeSpan.FromMilliseconds(100) };
        var settings = Repository.Quick with { Window = TimeSpan.FromMilliseconds(200), PerOperator = false };
        var report = Measure(folder, sensor, settings);
        Assert.Equal("fake", report.Energy!.Source);
        Assert.False(report.Energy.Estimated);
        // A constant power makes the gross energy the time of a run times 5 W, whatever that time was.
        Assert.True(report.Energy.Gross.Joules >= 5 * report.Latency.Min.TotalSeconds);
        Assert.True(sensor.Disposed);
    }

    [Fact]
    public void Measure_WithoutASensor_HasNoEnergyAndNotZero()
    {
        using var folder = new TemporaryFolder();
        var report = Measure(folder, sensor: null, Repository.Quick with { PerOperator = false });
        Assert.Null(report.Energy);
        Assert.Empty(report.Operators);
    }

    [Fact]
    public void Measure_TakesMemoryFromTheKernelsStatus()
    {
        using var folder = new TemporaryFolder();
        folder.Write("/proc/self/status", "VmHWM:\t 90 kB\nVmRSS:\t 70 kB\nRssAnon:\t 20 kB\nRssFile:\t 50 kB\n");
        var report = Measure(folder, sensor: null, Repository.Quick with { PerOperator = false });
        Assert.Equal(new MemoryUse(new(90 * 1024), new(20 * 1024), new(50 * 1024), new(70 * 1024)), report.Memory);
    }

    [Fact]
    public void Measure_OfASystemUnderPressure_IsNotValid()
    {
        using var folder = new TemporaryFolder();
        folder.Write("/proc/pressure/cpu", "some avg10=95.00 avg60=0 avg300=0 total=0\n");
        var report = Measure(folder, sensor: null, Repository.Quick with { PerOperator = false });
        Assert.Equal(RunValidity.Invalid, report.Verdict.Validity);
        Assert.Contains(report.Verdict.Reasons, r => r.Contains("95 %", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_WithStreamsAndOtherSettings_ReportsTheirThroughput()
    {
        using var folder = new TemporaryFolder();
        var report = Measure(folder, sensor: null, Repository.Quick with
        {
            Streams = 2, PerOperator = false, MemoryPattern = false, Prepacking = false, DenormalsAsZero = true, MemoryArena = false,
        });
        Assert.Equal(2, report.Throughput!.Streams);
        Assert.InRange(report.Throughput.PerSecond, report.Throughput.Lowest, report.Throughput.Highest);
        Assert.True(report.Throughput.Lowest > 0);
        Assert.True(report.Cold.ProcessToSession > report.Cold.SessionCreation);
    }

    [Fact]
    public void Measure_WithAPeriod_WaitsBetweenRunsWithoutAllocating()
    {
        using var folder = new TemporaryFolder();
        var report = Measure(folder, sensor: null, Repository.Quick with { Period = TimeSpan.FromMilliseconds(2), MinRunsPerWindow = 10, PerOperator = false });
        Assert.Null(report.Throughput);
        Assert.All(report.Windows, w => Assert.InRange(w.Count, 3, 40));
        Assert.Equal(0, report.ManagedBytesPerRun);
    }
}
