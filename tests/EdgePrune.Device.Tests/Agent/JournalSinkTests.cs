using System.Net.Sockets;

namespace EdgePrune.Device.Tests;

public sealed class JournalSinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ep-journal-").FullName;

    private string Address => Path.Combine(_folder, "socket");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Emit_JournalListens_GetsTheEntry()
    {
        using var journal = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journal.Bind(new UnixDomainSocketEndPoint(Address));
        var kept = new JournalEntryTests.KeptEvents();
        using var sink = new JournalSink(Address, kept);
        var happened = JournalEntryTests.Event(log => log.Information("Enrolled at {Hub}.", "https://hub.test"));

        sink.Emit(happened);

        var received = new byte[1024];
        Assert.Equal(JournalEntry.Of(happened).ToArray(), received[..journal.Receive(received)]);
        Assert.Empty(kept.Events);
    }

    [Fact]
    public void Emit_NobodyListens_FallsBack()
    {
        var kept = new JournalEntryTests.KeptEvents();
        using var sink = new JournalSink(Address, kept);
        var happened = JournalEntryTests.Event(log => log.Information("Enrolled."));

        sink.Emit(happened);

        Assert.Same(happened, Assert.Single(kept.Events));
    }

    [Theory]
    [InlineData("8:4711", "socket:[4711]", true)]
    [InlineData("8:4711", "socket:[47]", false)]
    [InlineData("8:4711", "/dev/pts/1", false)]
    [InlineData("8:4711", null, false)]
    [InlineData("4711", "socket:[4711]", false)]
    [InlineData("", "socket:[]", false)]
    [InlineData(null, "socket:[4711]", false)]
    public void IsStandardOutput_TellsAnInheritedVariableFromTheOwnStream(string? variable, string? output, bool isJournal) =>
        Assert.Equal(isJournal, JournalSink.IsStandardOutput(variable, output));
}
