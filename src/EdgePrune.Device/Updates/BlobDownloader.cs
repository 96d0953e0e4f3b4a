using System.Net;
using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>Fetches blobs, goes on where a broken download stopped, and believes no byte before the SHA-256 is right.</summary>
/// <param name="hub">The hub.</param>
/// <param name="blobs">Where blobs go.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of chance for waits.</param>
/// <param name="log">Where interruptions are reported.</param>
internal sealed class BlobDownloader(HubClient hub, BlobStore blobs, TimeProvider time, Random random, ILogger log)
{
    // After this many failures without a new byte the caller is told; it may have news from the hub to look at.
    private const int MaxFailuresWithoutProgress = 5;
    private const int MaxMismatches = 2;
    private const int BufferBytes = 64 * 1024;
    // What a power cut may cost on a thin link, against the wear of flushing an SD card.
    private const int FlushEveryBytes = 1024 * 1024;
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    /// <summary>Fetches a blob; on return it is whole and on the disk.</summary>
    /// <param name="device">The device and its secret.</param>
    /// <param name="entry">The blob.</param>
    /// <param name="ct">Stops; what has arrived stays for the next time.</param>
    /// <exception cref="BundleException">The hub's bytes are not those that were signed.</exception>
    /// <exception cref="HubUnavailableException">The hub does not deliver now; trying later may help.</exception>
    /// <exception cref="NetworkException">The hub does not have the blob or refuses it.</exception>
    public async Task FetchAsync(EnrollResponse device, BlobEntry entry, CancellationToken ct)
    {
        var backoff = new Backoff(time, random);
        for (var mismatches = 0; mismatches < MaxMismatches; mismatches++)
        {
            await FetchAllAsync(device, entry, backoff, ct).ConfigureAwait(false);
            if (blobs.TryAdopt(entry))
            {
                return;
            }

            log.LogWarning("Blob {Sha256} has arrived with wrong bytes; it is fetched again from its start.", entry.Sha256);
            blobs.DiscardPartial(entry);
        }

        throw new BundleException(ErrorCode.TamperedBundle, $"The hub's blob '{entry.Role}' does not match the SHA-256 {entry.Sha256} and length {entry.Length} in the signed manifest, {MaxMismatches} times. Upload the bundle to the hub again.");
    }

    private async Task FetchAllAsync(EnrollResponse device, BlobEntry entry, Backoff backoff, CancellationToken ct)
    {
        while (true)
        {
            var before = blobs.PartialLength(entry);
            try
            {
                await FetchRestAsync(device, entry, ct).ConfigureAwait(false);
                return;
            }
            catch (HubUnavailableException e)
            {
                if (blobs.PartialLength(entry) > before)
                {
                    backoff.Reset();
                }

                if (backoff.Failures == MaxFailuresWithoutProgress)
                {
                    throw;
                }

                log.LogWarning("The download of {Sha256} stopped at {Have} of {Length} bytes: {Reason}", entry.Sha256, blobs.PartialLength(entry), entry.Length, e.Message);
                await backoff.WaitAsync(e.RetryAfter, ct).ConfigureAwait(false);
            }
            catch (NetworkException e) when (e.Code != ErrorCode.Unauthorized)
            {
                blobs.DiscardPartial(entry);
                throw;
            }
        }
    }

    private async Task FetchRestAsync(EnrollResponse device, BlobEntry entry, CancellationToken ct)
    {
        var offset = blobs.PartialLength(entry);
        if (offset >= entry.Length)
        {
            return;
        }

        using var response = await hub.OpenBlobAsync(device, entry.Sha256, offset, ct).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return;
        }

        var range = response.Content.Headers.ContentRange;
        var start = response.StatusCode == HttpStatusCode.PartialContent ? range?.From : 0;
        if (start is not 0 && start != offset)
        {
            // The range asked for was not the one sent: nothing of it can be used, and the hash check starts it over.
            return;
        }

        await CopyAsync(response, entry, start ?? 0, ct).ConfigureAwait(false);
    }

    private async Task CopyAsync(HttpResponseMessage response, BlobEntry entry, long start, CancellationToken ct)
    {
        using var stall = new LinkedLimit(StallLimit, time, ct);
        using var body = await hub.TryAsync(() => response.Content.ReadAsStreamAsync(stall.Token), ct).ConfigureAwait(false);
        using var partial = blobs.OpenPartial(entry, start);
        var buffer = new byte[BufferBytes];
        var (position, flushed) = (start, start);
        while (position <= entry.Length)
        {
            stall.CancelAfter(StallLimit);
            var read = await ReadAsync(body, buffer, partial, stall.Token, ct).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            // One byte past the end is enough to know that these are not the signed bytes.
            partial.Write(buffer, 0, (int)Math.Min(read, entry.Length + 1 - position));
            position += read;
            if (position - flushed >= FlushEveryBytes)
            {
                blobs.Flush(partial);
                flushed = position;
            }
        }

        blobs.Flush(partial);
        RequireWhole(response, entry, start, position);
    }

    private async Task<int> ReadAsync(Stream body, byte[] buffer, Stream partial, CancellationToken stall, CancellationToken ct)
    {
        try
        {
            return await hub.TryAsync(() => body.ReadAsync(buffer, stall).AsTask(), ct).ConfigureAwait(false);
        }
        catch (HubUnavailableException)
        {
            // Keeps what has arrived for the next attempt, even if the power goes first.
            blobs.Flush(partial);
            throw;
        }
    }

    private static void RequireWhole(HttpResponseMessage response, BlobEntry entry, long start, long position)
    {
        // A body that is as long as the hub announced, but not as the manifest says, is wrong rather than broken off.
        if (position < entry.Length && response.Content.Headers.ContentLength != position - start)
        {
            throw new HubUnavailableException($"The connection ended after {position} of {entry.Length} bytes.");
        }
    }
}
