using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgePrune.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Device.Tests;

/// <summary>
/// A hub in memory that speaks the protocol, and misbehaves on request. It keeps events by sequence and ignores
/// repeats, as a real one does; a repeat with other content is noted in <see cref="Conflicts"/>.
/// </summary>
internal sealed class FakeHub(FakeTimeProvider time) : HttpMessageHandler
{
    public const string Token = "token";
    public const string Credential = "credential";
    public const string DeviceId = "device-1";

    public Dictionary<string, byte[]> Blobs { get; } = [];
    public SortedDictionary<long, DeviceEvent> Events { get; } = [];
    public List<string> Conflicts { get; } = [];
    public List<string> Requests { get; } = [];
    public List<DateTimeOffset> RequestTimes { get; } = [];
    public DesiredState? Desired { get; set; }
    public bool IsOffline { get; set; }
    public bool IgnoresRanges { get; set; }
    public bool KnowsCredential { get; set; } = true;
    /// <summary>Called with each request; an answer that is not null replaces the hub's own.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Intercept { get; set; } = _ => null;

    public int Count(string start) => Requests.Count(r => r.StartsWith(start, StringComparison.Ordinal));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        Requests.Add($"{request.Method} {path}{(request.Headers.Range is { } r ? " " + r : "")}");
        RequestTimes.Add(time.GetUtcNow());
        if (IsOffline)
        {
            throw new HttpRequestException("Connection refused");
        }

        var response = Intercept(request) ?? await AnswerAsync(request, path);
        response.RequestMessage = request;
        return response;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, string path)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync();
        if (path == "/v1/enroll")
        {
            var enroll = JsonSerializer.Deserialize(body, ContractsJson.Default.EnrollRequest)!;
            return enroll.Token == Token
                ? Json(JsonSerializer.SerializeToUtf8Bytes(new EnrollResponse(DeviceId, Credential), ContractsJson.Default.EnrollResponse))
                : Error(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized, "The token is wrong.");
        }

        if (!KnowsCredential || request.Headers.Authorization?.ToString() != $"Bearer {Credential}")
        {
            return Error(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized, "The credential is wrong.");
        }

        return path.StartsWith("/v1/blobs/sha256:", StringComparison.Ordinal) ? Blob(request, path["/v1/blobs/sha256:".Length..])
            : path == $"/v1/devices/{DeviceId}/events" ? Take(JsonSerializer.Deserialize(body, ContractsJson.Default.DeviceEvent)!)
            : path.StartsWith($"/v1/devices/{DeviceId}/desired?", StringComparison.Ordinal) ? DesiredAfter(path)
            : Error(HttpStatusCode.NotFound, ErrorCode.UnknownDevice, "No such route.");
    }

    private HttpResponseMessage DesiredAfter(string path)
    {
        var query = path[(path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Select(p => long.Parse(p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture)).ToList();
        if (Desired is { } desired && desired.Revision > query[0])
        {
            return Json(JsonSerializer.SerializeToUtf8Bytes(desired, ContractsJson.Default.DesiredState));
        }

        time.Advance(TimeSpan.FromSeconds(query[1]));
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage Take(DeviceEvent happened)
    {
        if (Events.TryGetValue(happened.Sequence, out var known) && Text(known) != Text(happened))
        {
            Conflicts.Add($"{happened.Sequence}: {Text(known)} and {Text(happened)}");
        }

        Events[happened.Sequence] = happened;
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private HttpResponseMessage Blob(HttpRequestMessage request, string sha256)
    {
        if (!Blobs.TryGetValue(sha256, out var bytes))
        {
            return Error(HttpStatusCode.NotFound, ErrorCode.FileNotFound, "No such blob.");
        }

        var from = IgnoresRanges ? 0 : request.Headers.Range?.Ranges.Single().From ?? 0;
        if (from >= bytes.Length)
        {
            return new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable);
        }

        var response = new HttpResponseMessage(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK) { Content = new ByteArrayContent(bytes[(int)from..]) };
        response.Headers.ETag = new EntityTagHeaderValue($"\"{sha256}\"");
        if (from > 0)
        {
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, bytes.Length - 1, bytes.Length);
        }

        return response;
    }

    public static HttpResponseMessage Error(HttpStatusCode status, ErrorCode code, string message) =>
        new(status) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new ErrorResponse((int)code, message), ContractsJson.Default.ErrorResponse)) };

    private static HttpResponseMessage Json(byte[] body) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };

    private static string Text(DeviceEvent happened) => JsonSerializer.Serialize(happened, ContractsJson.Default.DeviceEvent);
}
