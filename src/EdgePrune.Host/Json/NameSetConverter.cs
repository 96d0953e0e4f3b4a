using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>Reads and writes a set of names as an array, sorted so that equal sets give equal text; the serializer has no way of its own to make a read-only set.</summary>
internal sealed class NameSetConverter : JsonConverter<IReadOnlySet<string>>
{
    /// <inheritdoc/>
    public override IReadOnlySet<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("Names are an array of strings.");
        }

        HashSet<string> names = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            names.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("A name is no string."));
        }

        return names;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlySet<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var name in value.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }
}
