using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Reads the one request of the process. The stream need not end after it.</summary>
internal static class RequestReader
{
    /// <summary>Most bytes of a request.</summary>
    public const int Longest = 1 << 20;

    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: there is none, or it is cut off, too long, or no request.</exception>
    public static TrainingRequest Read(Stream input)
    {
        try
        {
            var json = ReadObject(input);
            return JsonSerializer.Deserialize(json, TrainingJson.Default.TrainingRequest) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException)
        {
            throw Refused($"is none that this program knows: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static byte[] ReadObject(Stream input)
    {
        var buffer = new byte[1 << 16];
        for (var count = 0; ;)
        {
            var read = input.Read(buffer, count, buffer.Length - count);
            count += read;
            if (End(buffer.AsSpan(0, count)) is { } end)
            {
                return buffer[..end];
            }

            if (read == 0)
            {
                throw Refused(count == 0 ? "is missing" : $"is cut off after {count} bytes");
            }

            if (count == Longest)
            {
                throw Refused($"has more than {Longest} bytes");
            }

            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }

    // Where the first JSON value ends, or null when it does not end yet.
    private static int? End(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        return reader.Read() && reader.TrySkip() && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? (int)reader.BytesConsumed : null;
    }

    private static InputException Refused(string why, Exception? cause = null) =>
        new(ErrorCode.InvalidOption, $"The request on standard input {why}. Write one JSON object with a 'verb', as docs/training.md says.", cause);
}
