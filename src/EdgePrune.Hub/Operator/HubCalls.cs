using System.Net.Http.Headers;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>
/// Sends requests to a hub and tries again where that is safe: after a broken connection or a failing hub when the call
/// changes nothing by being made twice, and always when nothing was sent.
/// </summary>
internal sealed class HubCalls : IDisposable
{
    private const int MaxAttempts = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Uri _hub;

    public HubCalls(Uri hub, string token, HttpMessageHandler? handler, TimeProvider clock)
    {
        _hub = hub;
        _clock = clock;
        // A proxy of the surroundings must not come between two programs of one machine.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !hub.IsLoopback }, disposeHandler: handler is null)
        {
            BaseAddress = hub,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends until there is an answer below 500, or the attempts are used up.</summary>
    /// <param name="request">Makes the request; called once for each attempt.</param>
    /// <param name="idempotent">Whether the call may reach the hub twice.</param>
    /// <param name="limit">How long one attempt may take, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="read">Reads the answer within the attempt.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request, bool idempotent, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(request, limit, read, ct);
            }
            catch (Exception e) when (attempt < MaxAttempts && IsWorthAnother(e, idempotent))
            {
                await Task.Delay(pause, _clock, ct);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                throw new NetworkException(ErrorCode.HubUnreachable,
                    $"The hub at {_hub} does not answer after {attempt} attempt(s): {e.Message} Check that it runs, its address and port, and the network between.", e);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> TryAsync<T>(
        Func<HttpRequestMessage> request, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(limit, _clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        using var message = request();
        try
        {
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            return await read(answer, ended.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {limit.TotalSeconds:0} s.", e);
        }
    }

    private static bool IsWorthAnother(Exception e, bool idempotent) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        HttpRequestException or IOException or TimeoutException => idempotent,
        NetworkException { Code: ErrorCode.HubUnreachable } => idempotent,
        _ => false,
    };
}
