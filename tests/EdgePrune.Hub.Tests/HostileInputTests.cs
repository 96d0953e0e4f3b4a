using System.Net;
using System.Text;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class HostileInputTests
{
    private static readonly string Hex = new('a', 64);

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("..%2f..%2fhub.db")]
    [InlineData("%2e%2e%2fhub.db")]
    [InlineData("sha256:..%2fhub.db")]
    [InlineData("sha256:")]
    [InlineData("sha256:abc")]
    [InlineData("sha256:{HEX}")]
    [InlineData("sha256:{hex}0")]
    [InlineData("SHA256:{hex}")]
    [InlineData("sha512:{hex}")]
    [InlineData("{hex}")]
    [InlineData("sha256:{hex}%00")]
    [InlineData("sha256:..%5c..%5chub.db")]
    public async Task Blob_HostileAddress_IsRefusedAndTouchesNoFile(string address)
    {
        await using var hub = await TestHub.StartAsync();
        var path = "/v1/blobs/" + address.Replace("{hex}", Hex, StringComparison.Ordinal).Replace("{HEX}", Hex.ToUpperInvariant(), StringComparison.Ordinal);
        var before = Directory.GetFiles(hub.Options.DataFolder, "*", SearchOption.AllDirectories).Length;

        var read = await hub.Operator.GetAsync(path);
        var written = await hub.Operator.PutAsync(path, [1, 2, 3]);

        Assert.True(read.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{read.Status}");
        Assert.True(written.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{written.Status}");
        Assert.Equal(before, Directory.GetFiles(hub.Options.DataFolder, "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"token\":1,\"name\":\"pi\",\"target\":\"pi4\",\"agentVersion\":\"1\"}")]
    [InlineData("{\"token\":null,\"name\":\"pi\",\"target\":\"pi4\",\"agentVersion\":\"1\"}")]
    [InlineData("{\"name\":\"pi\",\"target\":\"pi4\",\"agentVersion\":\"1\"}")]
    [InlineData("{\"token\":\"\\ud800\",\"name\":\"pi\",\"target\":\"pi4\",\"agentVersion\":\"1\"}")]
    public async Task Enrol_MalformedJson_IsABadRequest(string body)
    {
        await using var hub = await TestHub.StartAsync();

        var answer = await hub.Nobody.PostAsync("/v1/enroll", Encoding.UTF8.GetBytes(body));

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task Event_CutAnywhere_IsABadRequestAndKeepsNothing()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var whole = JsonSerializer.SerializeToUtf8Bytes(TestBundles.Event(1), ContractsJson.Default.DeviceEvent);

        for (var length = 0; length < whole.Length; length += 7)
        {
            (await device.Caller.PostAsync(device.Events, whole[..length])).IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
        }

        var page = await (await hub.Operator.GetAsync(device.Events)).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.EventPage);
        Assert.Empty(page.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Event_LongerThanAMessage_IsTooLarge(bool announced)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var body = new byte[ProtocolLimits.MaxMessageBytes + 1];
        Array.Fill(body, (byte)' ');
        using var content = new ByteArrayContent(body);
        using HttpContent sent = announced ? content : new StreamContent(new UnseekableStream(body));

        var answer = await device.Caller.SendAsync(HttpMethod.Post, device.Events, sent);

        answer.IsError(HttpStatusCode.RequestEntityTooLarge, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task Event_NestedVeryDeep_IsABadRequest()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var body = string.Concat(Enumerable.Repeat("{\"x\":", 100_000));

        (await device.Caller.PostAsync(device.Events, Encoding.UTF8.GetBytes(body))).IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
    }

    [Theory]
    [InlineData("?after=-1")]
    [InlineData("?after=x")]
    [InlineData("?after=1.5")]
    [InlineData("?after=99999999999999999999")]
    [InlineData("?after=9223372036854775807")]
    [InlineData("?after=1&after=2")]
    [InlineData("?wait=-1")]
    [InlineData("?wait=NaN")]
    [InlineData("?wait=1e9")]
    [InlineData("?wait=Infinity")]
    public async Task Desired_UnsoundQuery_IsABadRequest(string query)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        (await device.Caller.GetAsync(device.Desired + query)).IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v2/devices", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/v1/devices", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/enroll", HttpStatusCode.MethodNotAllowed)]
    public async Task Route_Unknown_IsAnErrorInTheUsualForm(string method, string path, HttpStatusCode status)
    {
        await using var hub = await TestHub.StartAsync();

        (await hub.Operator.SendAsync(new HttpMethod(method), path, null)).IsError(status, ErrorCode.ProtocolViolation);
    }

    [Theory]
    [InlineData("pi'; DROP TABLE devices; --")]
    [InlineData("pi-1' OR '1'='1")]
    public async Task Device_NameWithSql_IsUnknown(string name)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.EnrolAsync();

        (await hub.Operator.GetAsync($"/v1/devices/{Uri.EscapeDataString(name)}/events")).IsError(HttpStatusCode.NotFound, ErrorCode.UnknownDevice);
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
