using System.Device.Gpio;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class WindowMarkerTests
{
    // Each look at the clock takes 10 µs, so that waiting ends.
    private sealed class TickingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now += 10;

        public TimeSpan Now => TimeSpan.FromMicroseconds(_now);

        public void Advance(double milliseconds) => _now += (long)(milliseconds * 1000);
    }

    private sealed class RecordedPin(TickingClock clock) : IMarkerPin
    {
        public List<MarkerEdge> Edges { get; } = [];
        public bool Disposed { get; private set; }
        public void Write(bool high) => Edges.Add(new MarkerEdge(clock.Now, high));
        public void Dispose() => Disposed = true;
    }

    private static List<MarkerEdge> Record(int windows, double milliseconds = 100)
    {
        var clock = new TickingClock();
        var pin = new RecordedPin(clock);
        using (var marker = new WindowMarker(pin, clock))
        {
            for (var i = 0; i < windows; i++)
            {
                marker.Begin();
                clock.Advance(milliseconds);
                marker.End();
                clock.Advance(30);
            }
        }

        Assert.True(pin.Disposed);
        return pin.Edges;
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(5, 1000)]
    [InlineData(5, 1)]
    [InlineData(5, 3)]
    [InlineData(300, 7)]
    public void Decode_OfARecording_FindsEveryWindowWithItsNumber(int windows, double milliseconds)
    {
        var trace = new MarkerDecoder().Decode(Record(windows, milliseconds));
        Assert.Empty(trace.Rejected);
        Assert.Equal(Enumerable.Range(0, windows).Select(i => (byte)i), trace.Windows.Select(w => w.Number));
        Assert.All(trace.Windows, w => Assert.Equal(milliseconds, (w.End - w.Start).TotalMilliseconds, 0.2));
    }

    [Fact]
    public void Decode_WithShortGlitches_IsNotDisturbed()
    {
        var random = new Random(3);
        var edges = Record(5);
        var last = edges[^1].At;
        for (var i = 0; i < 40; i++)
        {
            // A glitch turns the line over for 50 µs, wherever it falls.
            var at = last * random.NextDouble();
            var level = edges.LastOrDefault(e => e.At <= at).High;
            edges.Add(new MarkerEdge(at, !level));
            edges.Add(new MarkerEdge(at + TimeSpan.FromMicroseconds(50), level));
            edges.Sort((a, b) => a.At.CompareTo(b.At));
        }

        var trace = new MarkerDecoder().Decode(edges);
        Assert.All(trace.Windows, w => Assert.Equal(100, (w.End - w.Start).TotalMilliseconds, 0.2));
        Assert.InRange(trace.Windows.Count + trace.Rejected.Count, 5, 12);
        Assert.InRange(trace.Windows.Count, 4, 5);
    }

    [Fact]
    public void Decode_WithALostEdge_NamesTheMissingWindowAndKeepsTheOthers()
    {
        var edges = Record(4);
        var perWindow = edges.Count / 4;
        edges.RemoveRange((2 * perWindow) + 3, 2);
        var trace = new MarkerDecoder().Decode(edges);
        Assert.Equal([0, 1, 3], trace.Windows.Select(w => (int)w.Number));
        Assert.Contains(trace.Rejected, r => r.Contains("1 window(s) between number 1 and 3", StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_OfNoise_FindsNoWindow()
    {
        var random = new Random(9);
        for (var round = 0; round < 200; round++)
        {
            var at = TimeSpan.Zero;
            List<MarkerEdge> edges = [.. Enumerable.Range(0, 2000).Select(i => new MarkerEdge(at += TimeSpan.FromMilliseconds(0.2 + (4 * random.NextDouble())), i % 2 == 0))];
            Assert.Empty(new MarkerDecoder().Decode(edges).Windows);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(25)]
    public void Decode_OfACutRecording_FindsNoWindow(int edges) =>
        Assert.Empty(new MarkerDecoder().Decode([.. Record(1).Take(edges)]).Windows);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Pin_WithoutANumber_IsNone(string? text) =>
        Assert.Null(GpioMarkerPin.Open(text, () => throw new InvalidOperationException("must not be called")));

    [Theory]
    [InlineData("-1")]
    [InlineData("GPIO17")]
    [InlineData("99999")]
    public void Pin_WithANumberThatIsNone_SaysSo(string text) =>
        Assert.Contains(text, Assert.Throws<DeviceException>(() => GpioMarkerPin.Open(text, () => throw new InvalidOperationException("must not be called"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Pin_OnABoardWithoutGpio_SaysWhy()
    {
        var error = Assert.Throws<DeviceException>(() => GpioMarkerPin.Open("17", () => throw new PlatformNotSupportedException("no such chip")));
        Assert.Contains("no such chip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pin_OfADriver_WritesTheLineAndLeavesItLow()
    {
        var driver = new RecordedDriver();
        using (var pin = GpioMarkerPin.Open("17", () => new GpioController(driver))!)
        {
            pin.Write(true);
        }

        Assert.Equal(["open 17", "mode Output", "write Low", "write High", "write Low", "close 17"], driver.Calls);
    }
}
