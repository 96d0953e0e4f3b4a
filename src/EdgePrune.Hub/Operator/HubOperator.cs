using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>
/// The operator's side of a hub: uploads blobs, says what devices run, reads what happened. Calls that can be repeated
/// without harm are, up to five times, when the network or the hub fails. Safe for concurrent use.
/// </summary>
/// <param name="hub">The hub's address, such as <c>http://127.0.0.1:8420</c>.</param>
/// <param name="operatorToken">The token the hub was started with.</param>
/// <param name="handler">What sends requests, or null for the ordinary one; the caller disposes it.</param>
/// <param name="clock">The clock of time limits and pauses. <value>Default: the system's.</value></param>
public sealed class HubOperator(Uri hub, string operatorToken, HttpMessageHandler? handler = null, TimeProvider? clock = null) : IRunHistory, IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly HubCalls _calls = new(hub, operatorToken, handler, clock ?? TimeProvider.System);

    /// <summary>Uploads a blob; does nothing when the hub has it.</summary>
    /// <param name="sha256">Lower-case hexadecimal SHA-256 of the bytes.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="ct">Gives up; the hub then keeps nothing.</param>
    /// <returns>A task that ends when the hub has the blob on disk.</returns>
    /// <exception cref="InputException"><paramref name="sha256"/> is no SHA-256.</exception>
    /// <exception cref="NetworkException">The hub does not answer, refused the token, or refused the bytes.</exception>
    public Task UploadBlobAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        UploadAsync(sha256, () => new ReadOnlyMemoryContent(bytes), ct);

    /// <summary>Uploads a blob from a stream; does nothing when the hub has it.</summary>
    /// <param name="sha256">Lower-case hexadecimal SHA-256 of the bytes.</param>
    /// <param name="stream">The bytes, from its position to its end; it must be able to seek, for a second attempt, and stays open.</param>
    /// <param name="ct">Gives up; the hub then keeps nothing.</param>
    /// <returns>A task that ends when the hub has the blob on disk.</returns>
    /// <exception cref="InputException"><paramref name="sha256"/> is no SHA-256, or the stream cannot seek.</exception>
    /// <exception cref="NetworkException">The hub does not answer, refused the token, or refused the bytes.</exception>
    public Task UploadBlobAsync(string sha256, Stream stream, CancellationToken ct)
    {
        if (!stream.CanSeek)
        {
            throw new InputException(ErrorCode.InvalidOption, "The stream cannot seek, so an upload that breaks off could not be tried again. Pass a file or a memory stream.");
        }

        var start = stream.Position;
        return UploadAsync(sha256, () =>
        {
            stream.Position = start;
            return new BorrowedStreamContent(stream);
        }, ct);
    }

    /// <summary>Says what a device should run. Not repeated once it may have reached the hub: each call makes a new revision.</summary>
    /// <param name="device">The device's id or name.</param>
    /// <param name="change">The bundle to install and what to measure.</param>
    /// <param name="ct">Gives up; the change may have been made all the same.</param>
    /// <returns>The new state with its revision.</returns>
    /// <exception cref="NetworkException">The hub does not answer, refused the token, does not know the device, or lacks a blob of the bundle.</exception>
    public Task<DesiredState> SetDesiredAsync(string device, DesiredChange change, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(change, ContractsJson.Default.DesiredChange);
        return _calls.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, DevicePath(device, "desired"))
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            },
            idempotent: false, CallLimit, (answer, end) => ReadAsync(answer, ContractsJson.Default.DesiredState, end), ct);
    }

    /// <summary>Ships a bundle to a device: uploads the blobs the hub lacks, then sets the state.</summary>
    /// <param name="device">The device's id or name.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="order">What to measure once it runs, or null for nothing.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The new state with its revision.</returns>
    /// <exception cref="BundleException">The bundle's manifest cannot be read.</exception>
    /// <exception cref="NetworkException">The hub does not answer, refused the token, or does not know the device.</exception>
    public async Task<DesiredState> PushAsync(string device, BundleFile bundle, ProfileOrder? order, CancellationToken ct)
    {
        foreach (var blob in ManifestSignatures.Parse(bundle.Manifest.Payload).Blobs.DistinctBy(b => b.Sha256))
        {
            await UploadBlobAsync(blob.Sha256, bundle.Blobs[blob.Sha256], ct);
        }

        return await SetDesiredAsync(device, new DesiredChange(bundle.Manifest, order), ct);
    }

    /// <summary>Reads a manifest that was ordered at this hub before, such as to order it once more.</summary>
    /// <param name="identity">SHA-256 of its payload, as <see cref="DeviceInfo.RunningBundle"/> names it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The manifest; nobody has verified its signatures.</returns>
    /// <exception cref="InputException"><paramref name="identity"/> is no SHA-256.</exception>
    /// <exception cref="NetworkException">The hub does not answer, refused the token, or keeps no such manifest.</exception>
    public Task<SignedManifest> ReadBundleAsync(string identity, CancellationToken ct) => ManifestRules.IsDigest(identity)
        ? GetAsync($"/v1/bundles/{identity}", ContractsJson.Default.SignedManifest, ct)
        : throw new InputException(ErrorCode.InvalidOption, $"'{identity}' is no SHA-256 of 64 lower-case hexadecimal digits. Pass the identity of a bundle.");

    /// <summary>Lists the devices.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>The devices in the order of their names.</returns>
    /// <exception cref="NetworkException">The hub does not answer or refused the token.</exception>
    public async Task<IReadOnlyList<DeviceInfo>> ListDevicesAsync(CancellationToken ct) =>
        (await GetAsync("/v1/devices", ContractsJson.Default.DeviceList, ct)).Devices;

    /// <summary>Waits until a device reports something.</summary>
    /// <param name="device">The device's id or name.</param>
    /// <param name="after">Sequence of the last event the caller has; 0 for all. Begin at 0 again when the device has enrolled anew.</param>
    /// <param name="wait">How long to wait; 0 asks once.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Events above <paramref name="after"/>, in order; empty when none came in time.</returns>
    /// <exception cref="NetworkException">The hub does not answer, refused the token, or does not know the device.</exception>
    public async Task<EventPage> WaitForEventsAsync(string device, long after, TimeSpan wait, CancellationToken ct)
    {
        var start = _clock.GetTimestamp();
        while (true)
        {
            // The hub cuts every wait, so a long one is made of several.
            var remaining = wait - _clock.GetElapsedTime(start);
            var now = TimeSpan.FromTicks(Math.Clamp(remaining.Ticks, 0, ProtocolLimits.MaxWait.Ticks));
            var asked = _clock.GetTimestamp();
            var page = await EventsAsync(device, after, now, ct);
            if (page.Events.Count > 0 || remaining <= ProtocolLimits.MaxWait || _clock.GetElapsedTime(asked) < now / 2)
            {
                return page;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunFilter filter, int most, CancellationToken ct)
    {
        List<RunSummary> runs = [];
        long? before = null;
        do
        {
            var page = await GetAsync(RunAddress.Of(filter, before, most - runs.Count), ContractsJson.Default.RunPage, ct);
            runs.AddRange(page.Runs);
            before = page.Runs.Count > 0 ? page.Before : null;
        }
        while (before is not null && runs.Count < most);
        return runs;
    }

    /// <inheritdoc/>
    public Task<MeasuredRun> ReadRunAsync(string id, CancellationToken ct) => GetAsync(RunAddress.Of(id), ContractsJson.Default.MeasuredRun, ct);

    /// <inheritdoc/>
    public void Dispose() => _calls.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class =>
        _calls.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), idempotent: true, CallLimit, (answer, end) => ReadAsync(answer, type, end), ct);

    private Task<EventPage> EventsAsync(string device, long after, TimeSpan wait, CancellationToken ct)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"?after={after}&wait={wait.TotalSeconds:0.###}");
        return _calls.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, DevicePath(device, "events") + query),
            idempotent: true, wait + CallLimit, (answer, end) => ReadAsync(answer, ContractsJson.Default.EventPage, end), ct);
    }

    private async Task UploadAsync(string sha256, Func<HttpContent> content, CancellationToken ct)
    {
        if (!ManifestRules.IsDigest(sha256))
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{sha256}' is no SHA-256 of 64 lower-case hexadecimal digits. Pass the hash of the bytes.");
        }

        var path = $"/v1/blobs/sha256:{sha256}";
        if (await HasAsync(path, ct))
        {
            return;
        }

        // No time limit: on a thin link a large blob takes what it takes, and the hub drops a link that is dead.
        await _calls.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, path) { Content = content(), Headers = { ExpectContinue = true } },
            idempotent: true, Timeout.InfiniteTimeSpan, RequireSuccessAsync, ct);
    }

    private Task<bool> HasAsync(string path, CancellationToken ct) => _calls.SendAsync(
        () => new HttpRequestMessage(HttpMethod.Head, path),
        idempotent: true, CallLimit,
        async (answer, end) => answer.StatusCode != HttpStatusCode.NotFound && await RequireSuccessAsync(answer, end), ct);

    private static async Task<bool> RequireSuccessAsync(HttpResponseMessage answer, CancellationToken ct) =>
        answer.IsSuccessStatusCode ? true : throw await HubAnswers.FailureAsync(answer, ct);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        await RequireSuccessAsync(answer, ct);
        return await HubAnswers.ReadAsync(answer, type, ct);
    }

    // What can be neither an id nor a name must not become part of an address.
    private static string DevicePath(string device, string what) => ManifestRules.IsName(device)
        ? $"/v1/devices/{device}/{what}"
        : throw new NetworkException(ErrorCode.UnknownDevice, $"'{device}' is neither a device's id nor a name. List the devices with 'edgeprune device list'.");
}
