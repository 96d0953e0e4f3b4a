using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>Reads what a hub answers: the value, or the exception that says what to do.</summary>
internal static class HubAnswers
{
    private const int MaxShownText = 500;

    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var body = await ReadBoundedAsync(answer, ct);
        try
        {
            return StrictJson.Read(body, type);
        }
        catch (JsonException e)
        {
            throw new NetworkException(ErrorCode.ProtocolViolation, $"The answer of {Place(answer)} is no {typeof(T).Name}: {e.Message} Check that this is a hub, and the versions of both sides.", e);
        }
    }

    /// <summary>The exception for an answer that is no success.</summary>
    public static async Task<EdgePruneException> FailureAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var error = await TryReadErrorAsync(answer, ct);
        var said = error is null ? "" : $" It said: EP{error.Code:0000}: {Shown(error.Message)}";
        var status = (int)answer.StatusCode;
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new NetworkException(ErrorCode.Unauthorized,
                $"The hub refused the operator token at {Place(answer)} (HTTP {status}).{said} Pass the token the hub was started with."),
            HttpStatusCode.NotFound when error?.Code == (int)ErrorCode.UnknownDevice =>
                new NetworkException(ErrorCode.UnknownDevice, Shown(error.Message)),
            HttpStatusCode.NotFound when error?.Code == (int)ErrorCode.UnknownRun => new InputException(ErrorCode.UnknownRun, Shown(error.Message)),
            >= HttpStatusCode.InternalServerError => new NetworkException(ErrorCode.HubUnreachable,
                $"The hub failed at {Place(answer)} (HTTP {status}).{said} Look at the hub's log, and try again."),
            _ => new NetworkException(ErrorCode.ProtocolViolation,
                $"The hub refused {Place(answer)} (HTTP {status}).{said}{(error is null ? " Check that this is a hub, and the versions of both sides." : "")}"),
        };
    }

    private static async Task<ErrorResponse?> TryReadErrorAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            return JsonSerializer.Deserialize(await ReadBoundedAsync(answer, ct), ContractsJson.Default.ErrorResponse);
        }
        catch (Exception e) when (e is JsonException or NetworkException or HttpRequestException or IOException)
        {
            // The status alone then says what happened: a proxy's page, or an answer cut short.
            return null;
        }
    }

    private static async Task<byte[]> ReadBoundedAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > ProtocolLimits.MaxMessageBytes)
            {
                throw new NetworkException(ErrorCode.ProtocolViolation, $"The answer of {Place(answer)} is longer than {ProtocolLimits.MaxMessageBytes} bytes. Check that this is a hub.");
            }
        }

        return body.ToArray();
    }

    private static string Place(HttpResponseMessage answer) => $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)}";

    private static string Shown(string text) => text.Length > MaxShownText ? text[..MaxShownText] + "..." : text;
}
