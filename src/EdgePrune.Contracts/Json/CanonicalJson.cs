using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Contracts;

/// <summary>
/// JSON with one byte sequence for each value, so that it can be signed and hashed: members sorted by the code units
/// of their names, no white space, shortest round-trip numbers, minimal escapes (RFC 8785). One thing goes beyond it:
/// whole numbers of 64 bits keep every digit.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Serialises a value canonically.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">Its source-generated metadata.</param>
    /// <returns>UTF-8 bytes, the same for equal values.</returns>
    /// <exception cref="JsonException">The value has no canonical form.</exception>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) =>
        Write(JsonSerializer.SerializeToElement(value, type));

    /// <summary>Serialises an element canonically.</summary>
    /// <param name="element">The element.</param>
    /// <returns>UTF-8 bytes, the same for equal elements.</returns>
    /// <exception cref="JsonException">The element has no canonical form: a member stands twice, a number is beyond a double, or a text is no Unicode.</exception>
    public static byte[] Write(JsonElement element)
    {
        var text = new StringBuilder();
        try
        {
            WriteElement(text, element);
        }
        catch (InvalidOperationException e)
        {
            // An escaped half of a surrogate pair is valid JSON, but no text.
            throw new JsonException("A text holds half of a surrogate pair, which is no Unicode.", e);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteElement(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, element);
                break;
            case JsonValueKind.Array:
                WriteAll(text, '[', element.EnumerateArray(), WriteElement, ']');
                break;
            case JsonValueKind.String:
                WriteText(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(element));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonElement element)
    {
        var members = element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
        for (var i = 1; i < members.Count; i++)
        {
            if (members[i].Name == members[i - 1].Name)
            {
                throw new JsonException($"The member '{members[i].Name}' stands twice, so the object has no canonical form.");
            }
        }

        WriteAll(text, '{', members, WriteMember, '}');
    }

    private static void WriteMember(StringBuilder text, JsonProperty member)
    {
        WriteText(text, member.Name);
        text.Append(':');
        WriteElement(text, member.Value);
    }

    private static void WriteAll<T>(StringBuilder text, char open, IEnumerable<T> items, Action<StringBuilder, T> write, char close)
    {
        var separator = "";
        text.Append(open);
        foreach (var item in items)
        {
            text.Append(separator);
            write(text, item);
            separator = ",";
        }

        text.Append(close);
    }

    // Written here and not by the serializer's encoders: what those escape depends on the Unicode tables of the runtime.
    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    private static string Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        var value = element.GetDouble();
        return double.IsFinite(value)
            ? Number(value)
            : throw new JsonException($"The number {element.GetRawText()} is beyond a double, so it has no canonical form.");
    }

    // RFC 8785 3.2.2.3: the form of ECMAScript, from the shortest digits that read back as the same double.
    private static string Number(double value)
    {
        if (value == 0)
        {
            return "0";
        }

        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        var position = (point < 0 ? all.Length : point) - leading + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        return (value < 0 ? "-" : "") + Number(all.Trim('0'), position);
    }

    // The value is 0.digits times ten to the power of position.
    private static string Number(string digits, int position) => position switch
    {
        > 21 or <= -6 => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{position - 1:+0;-0}",
        <= 0 => $"0.{new string('0', -position)}{digits}",
        _ when position >= digits.Length => digits.PadRight(position, '0'),
        _ => $"{digits[..position]}.{digits[position..]}",
    };
}
