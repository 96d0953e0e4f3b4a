using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Contracts;

/// <summary>
/// JSON with one byte sequence for each value, so that it can be signed and hashed: members sorted by the code units
/// of their names, no white space, shortest round-trip numbers, minimal escapes (after RFC 8785).
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Serialises a value canonically.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">Its source-generated metadata.</param>
    /// <returns>UTF-8 bytes, the same for equal values.</returns>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) =>
        Write(JsonSerializer.SerializeToElement(value, type));

    /// <summary>Serialises an element canonically.</summary>
    /// <param name="element">The element.</param>
    /// <returns>UTF-8 bytes.</returns>
    public static byte[] Write(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            WriteElement(writer, element);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteElement(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteElement(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteElement(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
