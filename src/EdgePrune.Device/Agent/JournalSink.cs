using System.Net.Sockets;
using Serilog.Core;
using Serilog.Events;

namespace EdgePrune.Device;

/// <summary>Writes log events to the systemd journal with their properties as fields.</summary>
/// <param name="socketPath">The journal's socket.</param>
/// <param name="fallback">Gets the events that the journal does not take.</param>
internal sealed class JournalSink(string socketPath, ILogEventSink fallback) : ILogEventSink, IDisposable
{
    /// <summary>Where systemd's journal listens.</summary>
    public const string SystemSocket = "/run/systemd/journal/socket";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _journal = new(socketPath);

    /// <summary>Whether the standard output of this process goes to the journal.</summary>
    /// <param name="journalStream">The variable <c>JOURNAL_STREAM</c>, which systemd sets to device and inode of that stream; children inherit it.</param>
    /// <param name="standardOutput">What <c>/proc/self/fd/1</c> links to, such as <c>socket:[4711]</c>.</param>
    public static bool IsStandardOutput(string? journalStream, string? standardOutput) =>
        journalStream?.Split(':') is [_, var inode] && standardOutput == $"socket:[{inode}]";

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        try
        {
            // Not connected once and for all: the journal may be started anew.
            _socket.SendTo(JournalEntry.Of(logEvent).Span, SocketFlags.None, _journal);
        }
        catch (SocketException)
        {
            fallback.Emit(logEvent);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
