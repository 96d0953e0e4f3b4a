namespace EdgePrune.Host;

/// <summary>Reads what a process prints to its end and keeps the last part, so that a flood costs no memory.</summary>
public static class ProcessTail
{
    private const int Kept = 4096;

    /// <summary>Reads to the end.</summary>
    /// <param name="reader">What the process prints.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The last 4096 characters.</returns>
    public static async Task<string> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var tail = "";
        var buffer = new char[Kept];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            tail = string.Concat(tail, buffer.AsSpan(0, read));
            tail = tail.Length > Kept ? tail[^Kept..] : tail;
        }

        return tail;
    }
}
