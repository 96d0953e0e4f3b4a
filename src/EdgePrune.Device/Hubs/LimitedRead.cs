namespace EdgePrune.Device;

/// <summary>Reads what others send, never more than a limit.</summary>
internal static class LimitedRead
{
    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maxBytes">The most that is accepted.</param>
    /// <param name="ct">Stops reading.</param>
    /// <returns>The bytes, or null when there are more than <paramref name="maxBytes"/>.</returns>
    public static async Task<byte[]?> AllAsync(Stream stream, int maxBytes, CancellationToken ct)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, ct).ConfigureAwait(false);
            if (read == 0)
            {
                return memory.ToArray();
            }

            if (memory.Length + read > maxBytes)
            {
                return null;
            }

            memory.Write(buffer, 0, read);
        }
    }
}
