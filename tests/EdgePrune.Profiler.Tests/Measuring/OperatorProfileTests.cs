using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class OperatorProfileTests
{
    private static string Run(long start, params (string Name, long Duration)[] nodes) =>
        $$$"""{"cat":"Session","pid":1,"tid":1,"dur":500,"ts":{{{start}}},"ph":"X","name":"model_run","args":{}},"""
        + string.Concat(nodes.Select((n, i) =>
            $$$"""{"cat":"Node","pid":1,"tid":1,"dur":{{{n.Duration}}},"ts":{{{start + i + 1}}},"ph":"X","name":"{{{n.Name}}}_kernel_time","args":{"op_name":"Conv","input_type_shape":[{"float":[1,1]}],"node_index":"{{{i}}}"}},"""));

    private static IReadOnlyList<OperatorTime> Read(string events, int skipped, double plain)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($"[{events.TrimEnd(',')}]"));
        return OperatorProfile.Read(json, skipped, TimeSpan.FromMicroseconds(plain));
    }

    [Fact]
    public void Read_LeavesOutTheFirstRunsAndKeepsTheOrder()
    {
        var times = Read(Run(0, ("a", 9000), ("b", 1)) + Run(10_000, ("a", 299), ("b", 99)) + Run(20_000, ("a", 300), ("b", 100)), skipped: 1, plain: 400);
        Assert.Equal(["a", "b"], times.Select(t => t.Node));
        Assert.Equal(0.75, times[0].Share, 2);
        Assert.Equal("Conv", times[0].OperatorType);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(1000)]
    public void Read_MakesTheSumThePlainTime(double plain)
    {
        var times = Read(Run(0, ("a", 300), ("b", 100), ("c", 12), ("d", 0)), skipped: 0, plain);
        Assert.Equal(plain, times.Sum(t => t.Mean.TotalMicroseconds), 0.5);
        Assert.Equal(1, times.Sum(t => t.Share), 9);
    }

    [Fact]
    public void EventCost_IsTakenFromEachEventAlike()
    {
        // Two nodes of 300 and 100 µs, true total 380: 10 µs of each event are the profiler's.
        Assert.Equal(10, OperatorProfile.EventCost([(300, 1), (100, 1)], 380), 6);
        // A node of 4 µs cannot have cost more than it took.
        Assert.Equal(12, OperatorProfile.EventCost([(300, 1), (100, 1), (4, 1)], 376), 6);
        Assert.Equal(0, OperatorProfile.EventCost([(300, 1)], 400));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"cat\":\"Session\",\"name\":\"model_run\",\"ts\":")]
    [InlineData("{\"cat\":\"Session\",\"name\":\"model_run\",\"ts\":\"soon\"}")]
    [InlineData("null,null")]
    public void Read_OfADamagedProfile_Throws(string events) =>
        Assert.Equal(ErrorCode.MeasurementFailed, Assert.Throws<DeviceException>(() => Read(events, 0, 100)).Code);

    [Fact]
    public void Read_WithFewerRunsThanExpected_Throws() =>
        Assert.Throws<DeviceException>(() => Read(Run(0, ("a", 1)), skipped: 1, plain: 100));

    [Theory]
    [InlineData(0, 50)]
    [InlineData(0.1, 50)]
    [InlineData(500, 10)]
    [InlineData(60_000, 5)]
    public void RunsFor_AModelOfThatSpeed_IsBounded(double milliseconds, int runs) =>
        Assert.Equal(runs, OperatorPass.RunsFor(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Measure_OfTheSampleModel_NamesItsOperatorsAndLeavesNoFile()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "edgeprune-operators-*");
        var times = OperatorPass.Measure(Repository.SampleModel, new ProfileSettings(), TimeSpan.FromMicroseconds(200));
        Assert.Contains(times, t => t.OperatorType.Contains("Gemm", StringComparison.Ordinal));
        Assert.Equal(200, times.Sum(t => t.Mean.TotalMicroseconds), 1.0);
        Assert.Equal(before, Directory.GetDirectories(Path.GetTempPath(), "edgeprune-operators-*"));
    }
}
