using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

/// <summary>A hub on a free loopback port over a folder of its own, with a clock that stands still.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    public const string EnrolmentToken = "enrolment-token-of-the-tests";
    public const string OperatorToken = "operator-token-of-the-tests";

    private HubServer _server;

    private TestHub(HubOptions options, CountingClock clock, HubServer server)
    {
        Options = options;
        Clock = clock;
        _server = server;
        Operator = new TestCaller(server.Address, OperatorToken);
        Nobody = new TestCaller(server.Address, null);
    }

    public HubOptions Options { get; }

    public CountingClock Clock { get; }

    public HubServer Server => _server;

    public TestCaller Operator { get; private set; }

    public TestCaller Nobody { get; private set; }

    public string BlobFolder => Path.Combine(Options.DataFolder, "blobs");

    public static HubOptions OptionsFor(string folder) =>
        new() { DataFolder = folder, EnrolmentToken = EnrolmentToken, OperatorToken = OperatorToken };

    public static async Task<TestHub> StartAsync(Func<HubOptions, HubOptions>? change = null)
    {
        var options = OptionsFor(Directory.CreateTempSubdirectory("edgeprune-hub-").FullName);
        options = change?.Invoke(options) ?? options;
        var clock = new CountingClock();
        try
        {
            return new TestHub(options, clock, await HubServer.StartAsync(options, null, clock, CancellationToken.None));
        }
        catch
        {
            Directory.Delete(options.DataFolder, recursive: true);
            throw;
        }
    }

    /// <summary>Stops the hub and starts another on the same folder; callers made before speak to nobody.</summary>
    public async Task RestartAsync()
    {
        await _server.DisposeAsync();
        _server = await HubServer.StartAsync(Options, null, Clock, CancellationToken.None);
        Operator = new TestCaller(_server.Address, OperatorToken);
        Nobody = new TestCaller(_server.Address, null);
    }

    public async Task<TestDevice> EnrolAsync(string name = "pi-1")
    {
        var answer = await Nobody.PostAsync("/v1/enroll", new EnrollRequest(EnrolmentToken, name, "pi4", "1.0.0"), ContractsJson.Default.EnrollRequest);
        var response = await answer.ReadAsync(HttpStatusCode.OK, ContractsJson.Default.EnrollResponse);
        return new TestDevice(response.DeviceId, response.Credential, new TestCaller(_server.Address, response.Credential));
    }

    public async Task UploadAsync(BundleFile bundle)
    {
        foreach (var (digest, bytes) in bundle.Blobs)
        {
            var answer = await Operator.PutAsync($"/v1/blobs/sha256:{digest}", bytes.ToArray());
            Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.OK, answer.Text);
        }
    }

    public async Task<DesiredState> SetDesiredAsync(string device, DesiredChange change)
    {
        var answer = await Operator.PutAsync($"/v1/devices/{device}/desired", change, ContractsJson.Default.DesiredChange);
        return await answer.ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DesiredState);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(Options.DataFolder, recursive: true);
    }
}

/// <summary>An enrolled device.</summary>
internal sealed record TestDevice(string Id, string Credential, TestCaller Caller)
{
    public string Desired => $"/v1/devices/{Id}/desired";

    public string Events => $"/v1/devices/{Id}/events";
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, byte[] Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public Task<T> ReadAsync<T>(HttpStatusCode expected, JsonTypeInfo<T> type)
    {
        Assert.True(Status == expected, $"Expected {expected}, got {Status}: {Text}");
        return Task.FromResult(JsonSerializer.Deserialize(Body, type)!);
    }

    public void IsError(HttpStatusCode status, ErrorCode code)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        var error = JsonSerializer.Deserialize(Body, ContractsJson.Default.ErrorResponse)!;
        Assert.Equal((int)code, error.Code);
        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain("EP" + error.Code, error.Message, StringComparison.Ordinal);
    }
}
