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
    public void Read_WhenOtherWorkInterruptsARun_KeepsTheSharesOfTheOthers()
    {
        var runs = string.Concat(Enumerable.Range(0, 8).Select(i => Run(i * 10_000, ("a", i == 3 ? 4000 : 10), ("b", 100))));
        Assert.Equal(10.5 / 111, Read(runs, skipped: 0, plain: 111)[0].Share, 6);
    }

    // A chain of three over an arena that holds 1,000 bytes of weights: the first run takes each activation, later runs take the planned block.
    private static string RunWithMemory(long start, params (string Name, long InUse, long Added)[] nodes) =>
        $$$"""{"cat":"Session","dur":500,"ts":{{{start}}},"name":"model_run","args":{}},"""
        + string.Concat(nodes.Select((n, i) =>
            $$$"""{"cat":"Node","dur":10,"ts":{{{start + i + 1}}},"name":"{{{n.Name}}}_kernel_time","args":{"op_name":"Conv","activation_size":"40","parameter_size":"8","output_size":"60","mem_bytes_in_use":"{{{n.InUse}}}","mem_in_use_delta":"{{{n.Added}}}"}},"""));

    [Fact]
    public void Read_OfMemory_TakesWhatLivesFromTheFirstRunWithoutTheWeights()
    {
        var first = RunWithMemory(0, ("a", 1100, 100), ("b", 1160, 60), ("c", 1080, 20));
        var later = RunWithMemory(100, ("a", 1200, 0), ("b", 1200, 0), ("c", 1200, 0));
        var times = Read(first + later, skipped: 1, plain: 30);
        Assert.Equal([100, 160, 80], times.Select(t => t.Memory!.Live!.Value.Bytes));
        Assert.Equal(new OperatorMemory(new(40), new(8), new(60), new(100)), times[0].Memory);
        Assert.Equal(new OperatorPeak("b", new(160)), OperatorPeak.Of(times));
    }

    [Fact]
    public void Read_WithoutTheArena_KnowsSizesAndNotWhatLives()
    {
        var times = Read(RunWithMemory(0, ("a", 1, 1)).Replace(",\"mem_bytes_in_use\":\"1\",\"mem_in_use_delta\":\"1\"", "", StringComparison.Ordinal), skipped: 0, plain: 30);
        Assert.Equal(new OperatorMemory(new(40), new(8), new(60)), Assert.Single(times).Memory);
        Assert.Null(OperatorPeak.Of(times));
    }

    [Theory]
    [InlineData("\"activation_size\":\"40\"", "\"activation_size\":\"-1\"")]
    [InlineData("\"output_size\":\"60\",", "")]
    public void Read_OfSizesThatAreMissingOrAbsurd_HasNoMemory(string old, string now) =>
        Assert.Null(Assert.Single(Read(RunWithMemory(0, ("a", 1, 1)).Replace(old, now, StringComparison.Ordinal), skipped: 0, plain: 30)).Memory);

    [Fact]
    public void Read_OfASizeThatIsNoNumber_Throws() =>
        Assert.Throws<DeviceException>(() => Read(RunWithMemory(0, ("a", 1, 1)).Replace("\"40\"", "\"many\"", StringComparison.Ordinal), skipped: 0, plain: 30));

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
    public void Measure_OfTheSampleModel_NamesItsOperators()
    {
        var times = OperatorPass.Measure(Repository.SampleModel, new ProfileSettings(), TimeSpan.FromMicroseconds(200));
        Assert.Contains(times, t => t.OperatorType.Contains("Gemm", StringComparison.Ordinal));
        Assert.Equal(200, times.Sum(t => t.Mean.TotalMicroseconds), 1.0);
        // 32 channels of 28 by 28 floats and, after the pooling, 32 of 14 by 14: the most that lives in this model.
        Assert.Equal((32 * 28 * 28 * 4) + (32 * 14 * 14 * 4), OperatorPeak.Of(times)!.Live.Bytes);
    }
}
