using System.Text;

namespace EdgePrune.Profiler;

/// <summary>Drains a stream, so that its writer never blocks, and keeps only the end.</summary>
internal static class TailReader
{
    public static async Task<string> ReadAsync(Stream stream, int length, CancellationToken stop)
    {
        var kept = new byte[2 * length];
        var count = 0;
        int read;
        while ((read = await stream.ReadAsync(kept.AsMemory(count), stop).ConfigureAwait(false)) > 0)
        {
            count += read;
            if (count > length)
            {
                kept.AsSpan(count - length, length).CopyTo(kept);
                count = length;
            }
        }

        return Encoding.UTF8.GetString(kept, 0, count).Trim();
    }
}
