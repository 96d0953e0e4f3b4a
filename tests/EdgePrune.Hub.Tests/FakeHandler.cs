using System.Net;

namespace EdgePrune.Hub.Tests;

/// <summary>Answers requests from a script, one step a request; the last step repeats.</summary>
internal sealed class FakeHandler(params Func<HttpRequestMessage, HttpResponseMessage>[] script) : HttpMessageHandler
{
    private int _requests;

    /// <summary>Requests that arrived.</summary>
    public int Requests => _requests;

    public static Func<HttpRequestMessage, HttpResponseMessage> Status(HttpStatusCode status, string body = "") =>
        request => new HttpResponseMessage(status) { Content = new StringContent(body), RequestMessage = request };

    public static Func<HttpRequestMessage, HttpResponseMessage> Fail(HttpRequestError error) =>
        _ => throw new HttpRequestException(error, "It broke.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null)
        {
            await request.Content.ReadAsByteArrayAsync(cancellationToken);
        }

        var step = Interlocked.Increment(ref _requests) - 1;
        return script[Math.Min(step, script.Length - 1)](request);
    }
}
