using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>Writes a <see cref="TimeSpan"/> as a number of microseconds; the property's JSON name ends in <c>Us</c>.</summary>
public sealed class MicrosecondsConverter : JsonConverter<TimeSpan>
{
    // A century: far from the range of TimeSpan, where rounding would change the sign.
    private const double MaxMicroseconds = 3.2e15;

    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() is var value && Math.Abs(value) <= MaxMicroseconds
            ? TimeSpan.FromTicks((long)Math.Round(value * TimeSpan.TicksPerMicrosecond))
            : throw new JsonException($"{value} microseconds is no duration: at most {MaxMicroseconds} are allowed.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((double)value.Ticks / TimeSpan.TicksPerMicrosecond);
}

/// <summary>Writes a <see cref="ByteSize"/> as a number of bytes; the property's JSON name ends in <c>Bytes</c>.</summary>
public sealed class ByteSizeConverter : JsonConverter<ByteSize>
{
    /// <inheritdoc/>
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetInt64() is >= 0 and var bytes ? new ByteSize(bytes) : throw new JsonException("A number of bytes is negative.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Bytes);
}

/// <summary>Writes an <see cref="Energy"/> as a number of joules; the property's JSON name ends in <c>Joules</c>.</summary>
public sealed class EnergyConverter : JsonConverter<Energy>
{
    /// <inheritdoc/>
    public override Energy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() is var joules && double.IsFinite(joules) ? new Energy(joules) : throw new JsonException("A number of joules is not finite.");

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
            : throw new JsonException($"'{reader.GetString()}' is no limit: write '60 %', '50 ms', '64 MiB' or '0.5 J'.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Limit value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Writes a moment in UTC, so that equal moments have equal bytes, and reads every offset.</summary>
public sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime());
}

/// <summary>Writes an enumeration as the name of its value, and reads nothing but these names.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class NameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return Enum.GetNames<T>().Contains(text)
            ? Enum.Parse<T>(text!)
            : throw new JsonException($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
