using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>Writes a <see cref="TimeSpan"/> as a number of microseconds; the property's JSON name ends in <c>Us</c>.</summary>
public sealed class MicrosecondsConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromTicks((long)Math.Round(reader.GetDouble() * TimeSpan.TicksPerMicrosecond));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((double)value.Ticks / TimeSpan.TicksPerMicrosecond);
}

/// <summary>Writes a <see cref="ByteSize"/> as a number of bytes; the property's JSON name ends in <c>Bytes</c>.</summary>
public sealed class ByteSizeConverter : JsonConverter<ByteSize>
{
    /// <inheritdoc/>
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Bytes);
}

/// <summary>Writes an <see cref="Energy"/> as a number of joules; the property's JSON name ends in <c>Joules</c>.</summary>
public sealed class EnergyConverter : JsonConverter<Energy>
{
    /// <inheritdoc/>
    public override Energy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetDouble());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Energy value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Joules);
}

/// <summary>Writes a <see cref="Limit"/> as the text a person writes: <c>"60 %"</c>, <c>"50 ms"</c>, <c>"64 MiB"</c>.</summary>
public sealed class LimitConverter : JsonConverter<Limit>
{
    /// <inheritdoc/>
    public override Limit? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Limit.TryParse(reader.GetString(), out var limit)
            ? limit
            : throw new JsonException($"'{reader.GetString()}' is no limit: write '60 %', '50 ms', '64 MiB', '0.5 J' or '0.5 points'.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Limit value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
