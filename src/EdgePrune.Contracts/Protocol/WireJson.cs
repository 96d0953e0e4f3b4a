using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Contracts;

/// <summary>Reads messages from the wire. Whatever is wrong with one is a protocol violation and never another exception.</summary>
public static class WireJson
{
    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Type of the message.</typeparam>
    /// <param name="json">UTF-8 JSON, at most <see cref="ProtocolLimits.MaxMessageBytes"/>.</param>
    /// <param name="type">Its metadata in <see cref="ContractsJson"/>.</param>
    /// <returns>The message; no member or element that its type declares without <c>?</c> is null.</returns>
    /// <exception cref="NetworkException">The message is too long, no JSON, or not of that type (<see cref="ErrorCode.ProtocolViolation"/>).</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.Length > ProtocolLimits.MaxMessageBytes)
        {
            throw new NetworkException(ErrorCode.ProtocolViolation, $"A message has {json.Length} bytes; at most {ProtocolLimits.MaxMessageBytes} are allowed. Use the same release of EdgePrune on both sides.");
        }

        try
        {
            return StrictJson.Read(json, type);
        }
        catch (JsonException e)
        {
            throw new NetworkException(ErrorCode.ProtocolViolation, $"A message is no {typeof(T).Name}: {e.Message} Use the same release of EdgePrune on both sides.", e);
        }
    }
}
