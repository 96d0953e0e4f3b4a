using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Contracts;

/// <summary>Reads JSON that another machine sent, so that whatever is wrong with it is one <see cref="JsonException"/>.</summary>
public static class StrictJson
{
    /// <summary>Reads a value; null as the value or as an element of an array is refused, which the serializer alone lets pass.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="type">Its metadata in <see cref="ContractsJson"/>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">The text is not JSON, or not of that type.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        RefuseNullElements(json);
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or FormatException or ArgumentException)
        {
            throw new JsonException($"It cannot be read: {e.Message}", e);
        }
    }

    private static void RefuseNullElements(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        ulong arrays = 0; // One bit for each level, as the reader allows 64 of them.
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                arrays = (arrays << 1) | (reader.TokenType == JsonTokenType.StartArray ? 1UL : 0UL);
            }
            else if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                arrays >>= 1;
            }
            else if (reader.TokenType == JsonTokenType.Null && (arrays & 1) == 1)
            {
                throw new JsonException($"An array holds null at byte {reader.TokenStartIndex}; no array of a message does.");
            }
        }
    }
}
