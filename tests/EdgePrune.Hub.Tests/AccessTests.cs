using System.Net;
using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class AccessTests
{
    private static readonly byte[] EmptyObject = Encoding.UTF8.GetBytes("{}");
    private static readonly string Blob = "/v1/blobs/sha256:" + new string('0', 64);

    public static TheoryData<string, string> OperatorRoutes => new()
    {
        { "GET", "/v1/devices" },
        { "PUT", "/v1/devices/pi-1/desired" },
        { "GET", "/v1/devices/pi-1/events" },
        { "GET", "/v1/runs" },
        { "GET", "/v1/bundles/" + new string('0', 64) },
        { "GET", "/v1/runs/" + new string('0', 32) },
        { "PUT", Blob },
    };

    public static TheoryData<string, string> DeviceRoutes => new()
    {
        { "GET", "/v1/devices/{0}/desired" },
        { "POST", "/v1/devices/{0}/events" },
    };

    [Theory, MemberData(nameof(OperatorRoutes))]
    public async Task OperatorRoute_WithoutTheOperatorToken_IsRefused(string method, string path)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var wrong = new TestCaller(hub.Server.Address, TestHub.OperatorToken + "x");
        var enrolment = new TestCaller(hub.Server.Address, TestHub.EnrolmentToken);

        (await SendAsync(hub.Nobody, method, path)).IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
        (await SendAsync(wrong, method, path)).IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
        (await SendAsync(enrolment, method, path)).IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
        (await SendAsync(device.Caller, method, path)).IsError(HttpStatusCode.Forbidden, ErrorCode.Unauthorized);
    }

    [Theory, MemberData(nameof(DeviceRoutes))]
    public async Task DeviceRoute_WithAnothersCredential_IsForbidden(string method, string pattern)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync("pi-1");
        var other = await hub.EnrolAsync("pi-2");

        var anothers = await SendAsync(other.Caller, method, string.Format(null, pattern, device.Id));
        var nobodys = await SendAsync(other.Caller, method, string.Format(null, pattern, new string('0', 32)));
        var byName = await SendAsync(other.Caller, method, string.Format(null, pattern, "pi-1"));

        anothers.IsError(HttpStatusCode.Forbidden, ErrorCode.Unauthorized);
        Assert.Equal((anothers.Status, anothers.Text), (nobodys.Status, nobodys.Text));
        Assert.Equal((anothers.Status, anothers.Text), (byName.Status, byName.Text));
    }

    [Theory, MemberData(nameof(DeviceRoutes))]
    public async Task DeviceRoute_WithoutACredential_IsUnauthorized(string method, string pattern)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var path = string.Format(null, pattern, device.Id);

        var answer = await SendAsync(hub.Nobody, method, path);

        answer.IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        (await SendAsync(hub.Operator, method, path)).IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
    }

    [Fact]
    public async Task Blob_WithoutAnyToken_IsNotServed()
    {
        await using var hub = await TestHub.StartAsync();

        (await hub.Nobody.GetAsync(Blob)).IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
    }

    private static Task<Answer> SendAsync(TestCaller caller, string method, string path) =>
        caller.SendAsync(new HttpMethod(method), path, method == "GET" ? null : new ByteArrayContent(EmptyObject));
}
