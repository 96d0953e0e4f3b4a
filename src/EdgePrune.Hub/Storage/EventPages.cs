using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>The bytes of events, sized so that a page always fits into one message.</summary>
internal static class EventPages
{
    // The envelope and a comma for each event.
    private const int Envelope = 1024;

    /// <summary>Bytes of all events of one page; a single event is no longer than that.</summary>
    public const int MaxBytes = ProtocolLimits.MaxMessageBytes - Envelope;

    public static byte[] Write(DeviceEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, ContractsJson.Default.DeviceEvent);

    public static DeviceEvent Parse(byte[] body) => JsonSerializer.Deserialize(body, ContractsJson.Default.DeviceEvent)!;
}
