using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Serilog.Events;

namespace EdgePrune.Device;

/// <summary>
/// A log event as the systemd journal takes it, so that each property is a field of its own:
/// <c>journalctl EDGEPRUNE_REVISION=7</c>. The form is systemd's "native journal protocol": <c>NAME=value</c> and a line feed, or, for a
/// value with line feeds, the name, a line feed, the length in 64 little-endian bits and the value.
/// </summary>
internal static class JournalEntry
{
    /// <summary>The journal's name for this program.</summary>
    public const string Identifier = "edgeprune-agent";

    // The journal takes larger ones only as files; what the agent logs is a line or a stack trace.
    private const int MaxMessageCharacters = 16 * 1024;
    private const int MaxPropertyCharacters = 1024;
    private const int MaxNameCharacters = 64;

    /// <summary>The datagram of an event.</summary>
    /// <param name="happened">The event.</param>
    /// <returns>The bytes to send to the journal's socket.</returns>
    public static ReadOnlyMemory<byte> Of(LogEvent happened)
    {
        var entry = new ArrayBufferWriter<byte>();
        Add(entry, "MESSAGE", Cut(Message(happened), MaxMessageCharacters));
        Add(entry, "PRIORITY", Priority(happened.Level).ToString(CultureInfo.InvariantCulture));
        Add(entry, "SYSLOG_IDENTIFIER", Identifier);
        foreach (var (name, value) in happened.Properties)
        {
            Add(entry, FieldName(name), Cut(Text(value), MaxPropertyCharacters));
        }

        return entry.WrittenMemory;
    }

    /// <summary>The syslog priority of a level: 2 critical, 3 error, 4 warning, 6 information, 7 debugging.</summary>
    /// <param name="level">The level.</param>
    public static int Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };

    private static string Message(LogEvent happened)
    {
        // Without a format strings stand in quotation marks.
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in happened.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken property && happened.Properties.TryGetValue(property.PropertyName, out var value))
            {
                text.Write(Text(value));
            }
            else
            {
                text.Write(token.ToString());
            }
        }

        return happened.Exception is null ? text.ToString() : $"{text}\n{happened.Exception}";
    }

    private static string Text(LogEventPropertyValue value) => value is ScalarValue { Value: string text } ? text : value.ToString(null, CultureInfo.InvariantCulture);

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "...");

    // Capital letters, digits and underscores, as the journal demands; a capital inside a name starts a word.
    private static string FieldName(string property)
    {
        var name = new StringBuilder("EDGEPRUNE");
        var previous = '_';
        foreach (var c in property.Where(char.IsAsciiLetterOrDigit).Take(MaxNameCharacters))
        {
            if (name.Length == "EDGEPRUNE".Length || (char.IsAsciiLetterUpper(c) && !char.IsAsciiLetterUpper(previous)))
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(c));
            previous = c;
        }

        return name.Length <= MaxNameCharacters ? name.ToString() : name.ToString(0, MaxNameCharacters);
    }

    private static void Add(ArrayBufferWriter<byte> entry, string name, string value)
    {
        Encoding.UTF8.GetBytes(name, entry);
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            entry.Write("\n"u8);
            BinaryPrimitives.WriteInt64LittleEndian(entry.GetSpan(sizeof(long)), Encoding.UTF8.GetByteCount(value));
            entry.Advance(sizeof(long));
        }
        else
        {
            entry.Write("="u8);
        }

        Encoding.UTF8.GetBytes(value, entry);
        entry.Write("\n"u8);
    }
}
