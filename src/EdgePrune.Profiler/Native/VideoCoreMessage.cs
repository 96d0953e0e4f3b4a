using System.Buffers.Binary;
using System.Text;

namespace EdgePrune.Profiler;

/// <summary>
/// The property message that carries a text command to the Raspberry Pi's firmware and the text it answers.
/// Layout in 32-bit words: total bytes, request code, tag, size of the value, 0, 0, text, end tag.
/// </summary>
internal static class VideoCoreMessage
{
    private const uint GeneralCommandTag = 0x00030080;
    private const int TextBytes = 1024;
    private const int TextOffset = 6 * sizeof(uint);

    public const int Length = TextOffset + TextBytes + sizeof(uint);

    public static byte[] Build(string command)
    {
        var text = Encoding.ASCII.GetBytes(command);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(text.Length, TextBytes, nameof(command));
        var message = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, Length);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), GeneralCommandTag);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), TextBytes);
        text.CopyTo(message, TextOffset);
        return message;
    }

    /// <summary>The firmware's answer, or null when the message is no answer.</summary>
    public static string? ReadReply(ReadOnlySpan<byte> message)
    {
        if (message.Length < Length)
        {
            return null;
        }

        var text = message.Slice(TextOffset, TextBytes);
        var end = text.IndexOf((byte)0);
        return end < 0 ? null : Encoding.ASCII.GetString(text[..end]).Trim();
    }
}
