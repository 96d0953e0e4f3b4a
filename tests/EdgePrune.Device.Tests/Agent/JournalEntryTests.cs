using System.Buffers.Binary;
using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EdgePrune.Device.Tests;

public sealed class JournalEntryTests
{
    [Fact]
    public void Of_EventWithProperties_MakesEachAField()
    {
        var entry = Text(log => log.ForContext("SourceContext", "EdgePrune.Device.AgentService").Information("Revision {Revision} of {DeviceName}.", 7, "door-1"));

        Assert.Equal("MESSAGE=Revision 7 of door-1.\nPRIORITY=6\nSYSLOG_IDENTIFIER=edgeprune-agent\n"
            + "EDGEPRUNE_DEVICE_NAME=door-1\nEDGEPRUNE_REVISION=7\nEDGEPRUNE_SOURCE_CONTEXT=EdgePrune.Device.AgentService\n", Sorted(entry));
    }

    [Fact]
    public void Of_ValueWithLineFeeds_CannotForgeAField()
    {
        var bytes = JournalEntry.Of(Event(log => log.Warning("Said: {Text}", "a\nPRIORITY=0"))).Span;

        Assert.True(bytes.StartsWith("MESSAGE\n"u8));
        Assert.Equal("Said: a\nPRIORITY=0".Length, BinaryPrimitives.ReadInt64LittleEndian(bytes["MESSAGE\n".Length..]));
        Assert.True(bytes[("MESSAGE\n".Length + sizeof(long))..].StartsWith("Said: a\nPRIORITY=0\nPRIORITY=4\n"u8));
    }

    [Fact]
    public void Of_Exception_IsPartOfTheMessage() =>
        Assert.Contains("InvalidOperationException: broken", Text(log => log.Error(new InvalidOperationException("broken"), "It ends.")), StringComparison.Ordinal);

    [Fact]
    public void Of_EndlessMessage_FitsADatagram() =>
        Assert.InRange(JournalEntry.Of(Event(log => log.Error("{Reason}", new string('x', 1 << 20)))).Length, 1, 64 * 1024);

    [Theory]
    [InlineData(LogEventLevel.Fatal, 2)]
    [InlineData(LogEventLevel.Error, 3)]
    [InlineData(LogEventLevel.Warning, 4)]
    [InlineData(LogEventLevel.Information, 6)]
    [InlineData(LogEventLevel.Debug, 7)]
    public void Priority_OfALevel_IsSyslogs(LogEventLevel level, int priority) => Assert.Equal(priority, JournalEntry.Priority(level));

    private static string Text(Action<ILogger> write) => Encoding.UTF8.GetString(JournalEntry.Of(Event(write)).Span);

    // The order of properties is the framework's.
    private static string Sorted(string entry)
    {
        var lines = entry.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.Take(3).Concat(lines.Skip(3).Order(StringComparer.Ordinal)).Select(l => l + "\n"));
    }

    internal static LogEvent Event(Action<ILogger> write)
    {
        var kept = new KeptEvents();
        using var log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(kept).CreateLogger();
        write(log);
        return Assert.Single(kept.Events);
    }

    internal sealed class KeptEvents : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
