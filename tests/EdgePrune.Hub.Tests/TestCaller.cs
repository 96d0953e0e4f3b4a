using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgePrune.Hub.Tests;

/// <summary>Speaks plain HTTP to a hub with one token, so that the tests see what is on the wire.</summary>
internal sealed class TestCaller(Uri hub, string? token)
{
    // Bodies are sent when the hub asks for them, however long it takes on a busy machine: what it refuses unread is never on its way. The limit in
    // real time only ends a test that would hang.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { Timeout = TimeSpan.FromMinutes(3) };

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> HeadAsync(string path) => SendAsync(HttpMethod.Head, path, null);

    public Task<Answer> PutAsync(string path, byte[] body) => SendAsync(HttpMethod.Put, path, new ByteArrayContent(body));

    public Task<Answer> PutAsync<T>(string path, T body, JsonTypeInfo<T> type) => PutAsync(path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public Task<Answer> PostAsync(string path, byte[] body) => SendAsync(HttpMethod.Post, path, new ByteArrayContent(body));

    public Task<Answer> PostAsync<T>(string path, T body, JsonTypeInfo<T> type) => PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(hub, path)) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.ExpectContinue = content is not null;
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var answer = await Http.SendAsync(request);
        return new Answer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers, answer.Content.Headers);
    }
}
