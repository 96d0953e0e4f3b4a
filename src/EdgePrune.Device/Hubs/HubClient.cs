using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>
/// The hub's routes (docs/device-protocol.md). A failure that may pass is a <see cref="HubUnavailableException"/>,
/// any other a <see cref="NetworkException"/>. Never reads more than <see cref="ProtocolLimits"/> allows.
/// </summary>
/// <param name="http">The client; its own timeout is infinite, limits are set here for each request.</param>
/// <param name="hub">The hub's address.</param>
/// <param name="time">The clock.</param>
internal sealed class HubClient(HttpClient http, Uri hub, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private const int MaxErrorBytes = 64 * 1024;

    private readonly string _root = hub.AbsoluteUri.TrimEnd('/');

    /// <summary>Asks to be known.</summary>
    /// <param name="request">Who asks.</param>
    /// <param name="ct">Stops the request.</param>
    /// <returns>Id and credential.</returns>
    public async Task<EnrollResponse> EnrollAsync(EnrollRequest request, CancellationToken ct)
    {
        using var message = Message(HttpMethod.Post, "/v1/enroll", null);
        message.Content = Json(request, ContractsJson.Default.EnrollRequest);
        var answer = await SendAsync(message, ContractsJson.Default.EnrollResponse, AnswerLimit, ct).ConfigureAwait(false);
        return answer is { DeviceId: { Length: > 0 and <= 128 } id, Credential.Length: > 0 and <= 1024 } && ManifestRules.IsName(id)
            ? answer
            : throw Violation("its answer to the enrolment has no usable device id or credential");
    }

    /// <summary>Waits for a newer desired state.</summary>
    /// <param name="device">The device and its secret.</param>
    /// <param name="after">The last revision that was carried out.</param>
    /// <param name="wait">How long the hub may wait for news.</param>
    /// <param name="ct">Stops the request.</param>
    /// <returns>The state, or null when nothing newer came.</returns>
    public async Task<DesiredState?> DesiredAsync(EnrollResponse device, long after, TimeSpan wait, CancellationToken ct)
    {
        var path = FormattableString.Invariant($"/v1/devices/{device.DeviceId}/desired?after={after}&wait={(int)wait.TotalSeconds}");
        using var message = Message(HttpMethod.Get, path, device.Credential);
        var desired = await SendAsync(message, ContractsJson.Default.DesiredState, wait + AnswerLimit, ct).ConfigureAwait(false);
        return desired is null || desired.Revision > after
            ? desired
            : throw Violation($"it sent revision {desired.Revision} when asked for one above {after}");
    }

    /// <summary>Reports an event.</summary>
    /// <param name="device">The device and its secret.</param>
    /// <param name="happened">The event.</param>
    /// <param name="ct">Stops the request.</param>
    public async Task PostEventAsync(EnrollResponse device, DeviceEvent happened, CancellationToken ct)
    {
        using var message = Message(HttpMethod.Post, $"/v1/devices/{device.DeviceId}/events", device.Credential);
        message.Content = Json(happened, ContractsJson.Default.DeviceEvent);
        using var limit = Limit(AnswerLimit, ct);
        using var response = await TryAsync(() => http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token), ct).ConfigureAwait(false);
        await RequireSuccessAsync(response, ErrorCode.UnknownDevice, limit.Token, ct).ConfigureAwait(false);
    }

    /// <summary>Opens a blob from an offset.</summary>
    /// <param name="device">The device and its secret.</param>
    /// <param name="sha256">The blob's address.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="ct">Stops the request.</param>
    /// <returns>The answer, 200, 206 or 416, with its body unread.</returns>
    public async Task<HttpResponseMessage> OpenBlobAsync(EnrollResponse device, string sha256, long offset, CancellationToken ct)
    {
        using var message = Message(HttpMethod.Get, $"/v1/blobs/sha256:{sha256}", device.Credential);
        message.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
        using var limit = Limit(AnswerLimit, ct);
        var response = await TryAsync(() => http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token), ct).ConfigureAwait(false);
        try
        {
            if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                await RequireSuccessAsync(response, ErrorCode.ProtocolViolation, limit.Token, ct).ConfigureAwait(false);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Runs a step of a request and turns what the network may do wrong into <see cref="HubUnavailableException"/>.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="step">The step.</param>
    /// <param name="ct">The caller's wish to stop, which stays what it is.</param>
    /// <returns>The step's result.</returns>
    public async Task<T> TryAsync<T>(Func<Task<T>> step, CancellationToken ct)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HubUnavailableException($"The hub at {_root} did not answer in time. Check the network; the agent tries again.", null, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new HubUnavailableException($"The hub at {_root} cannot be reached: {e.Message} Check the address and the network; the agent tries again.", null, e);
        }
    }

    private async Task<T?> SendAsync<T>(HttpRequestMessage message, JsonTypeInfo<T> type, TimeSpan longest, CancellationToken ct)
        where T : class
    {
        using var limit = Limit(longest, ct);
        using var response = await TryAsync(() => http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token), ct).ConfigureAwait(false);
        await RequireSuccessAsync(response, ErrorCode.UnknownDevice, limit.Token, ct).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return null;
        }

        var bytes = await ReadAsync(response, ProtocolLimits.MaxMessageBytes, limit.Token, ct).ConfigureAwait(false)
            ?? throw Violation($"its answer is longer than {ProtocolLimits.MaxMessageBytes} bytes");
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw Violation($"its answer cannot be read: {e.Message}", e);
        }
    }

    private async Task RequireSuccessAsync(HttpResponseMessage response, ErrorCode missing, CancellationToken limit, CancellationToken ct)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var status = (int)response.StatusCode;
        if (status is 408 or 425 or 429 or >= 500)
        {
            throw new HubUnavailableException($"The hub at {_root} answered with status {status}. The agent tries again.", RetryAfter(response));
        }

        var said = Said(await ReadAsync(response, MaxErrorBytes, limit, ct).ConfigureAwait(false));
        throw status switch
        {
            401 or 403 => new NetworkException(ErrorCode.Unauthorized, $"The hub at {_root} refused this device with status {status}{said}."),
            404 => new NetworkException(missing, $"The hub at {_root} does not know '{response.RequestMessage?.RequestUri?.AbsolutePath}'{said}."),
            _ => Violation($"it answered with status {status}{said}"),
        };
    }

    private Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken limit, CancellationToken ct) => TryAsync(
        async () =>
        {
            using var body = await response.Content.ReadAsStreamAsync(limit).ConfigureAwait(false);
            return await LimitedRead.AllAsync(body, maxBytes, limit).ConfigureAwait(false);
        },
        ct);

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? (after.Date - time.GetUtcNow());

    private static string Said(byte[]? body)
    {
        try
        {
            return body is { Length: > 0 } && JsonSerializer.Deserialize(body, ContractsJson.Default.ErrorResponse) is { } error
                ? $", saying EP{error.Code:0000}: {error.Message.TrimEnd('.')}"
                : "";
        }
        catch (JsonException)
        {
            // A proxy answered in its own words; the status says enough.
            return "";
        }
    }

    private HttpRequestMessage Message(HttpMethod method, string path, string? credential)
    {
        var message = new HttpRequestMessage(method, new Uri(_root + path));
        message.Headers.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        return message;
    }

    private LinkedLimit Limit(TimeSpan longest, CancellationToken ct) => new(longest, time, ct);

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private NetworkException Violation(string fault, Exception? inner = null) =>
        new(ErrorCode.ProtocolViolation, $"The hub at {_root} breaks the protocol: {fault}. Check the address, and that agent and hub are of versions that fit.", inner);
}
