using System.Net;
using System.Net.Sockets;
using EdgePrune.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Hub.Tests;

public sealed class HubOperatorTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");
    private const string EmptyList = """{"devices":[]}""";
    private const string EmptyPage = """{"events":[]}""";

    // Moves by itself whenever somebody waits, so that pauses cost no time.
    private readonly FakeTimeProvider _clock = new SelfAdvancingClock();

    [Fact]
    public async Task Push_ToADevice_ShipsTheBundleAndReturnsTheRevision()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var bundle = TestBundles.Make();

        var byName = await client.PushAsync("pi-1", bundle, null, CancellationToken.None);
        var byId = await client.PushAsync(device.Id, bundle, new ProfileOrder("order-1", new ProfileSettings()), CancellationToken.None);

        Assert.Equal((1L, 2L), (byName.Revision, byId.Revision));
        Assert.Equal(bundle.Manifest.Payload, byId.Bundle!.Payload);
        Assert.All(bundle.Blobs, b => Assert.Equal(b.Value.ToArray(), File.ReadAllBytes(Path.Combine(hub.BlobFolder, b.Key))));
        Assert.Equal(2, Assert.Single(await client.ListDevicesAsync(CancellationToken.None)).DesiredRevision);
    }

    [Fact]
    public async Task UploadBlob_FromAStream_SendsFromWhereItStands()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var bytes = TestBundles.Bytes(10_000);
        using var stream = new MemoryStream(bytes) { Position = 100 };
        var digest = TestBundles.Digest(bytes[100..]);

        await client.UploadBlobAsync(digest, stream, CancellationToken.None);

        Assert.Equal(bytes[100..], await File.ReadAllBytesAsync(Path.Combine(hub.BlobFolder, digest)));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task UploadBlob_TheHubHasIt_SendsNothing()
    {
        using var handler = new FakeHandler(FakeHandler.Status(HttpStatusCode.OK));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        await client.UploadBlobAsync(new string('a', 64), new byte[10], CancellationToken.None);

        Assert.Equal(1, handler.Requests);
    }

    [Fact]
    public async Task UploadBlob_BytesHaveAnotherHash_IsAProtocolViolation()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);

        var refused = await Assert.ThrowsAsync<NetworkException>(() => client.UploadBlobAsync(new string('a', 64), new byte[10], CancellationToken.None));

        Assert.Equal(ErrorCode.ProtocolViolation, refused.Code);
        Assert.Contains("EP5001", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UploadBlob_DigestIsNone_IsRefusedBeforeAnythingIsSent()
    {
        using var handler = new FakeHandler(FakeHandler.Status(HttpStatusCode.OK));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        await Assert.ThrowsAsync<InputException>(() => client.UploadBlobAsync("../x", new byte[10], CancellationToken.None));

        Assert.Equal(0, handler.Requests);
    }

    [Fact]
    public async Task AnyCall_TokenIsWrong_IsUnauthorized()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = new HubOperator(hub.Server.Address, "another-operator-token");

        var list = await Assert.ThrowsAsync<NetworkException>(() => client.ListDevicesAsync(CancellationToken.None));
        var upload = await Assert.ThrowsAsync<NetworkException>(() => client.UploadBlobAsync(new string('a', 64), new byte[10], CancellationToken.None));

        Assert.Equal((ErrorCode.Unauthorized, ErrorCode.Unauthorized), (list.Code, upload.Code));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("../devices")]
    [InlineData("")]
    public async Task AnyCall_DeviceIsUnknown_SaysSo(string name)
    {
        await using var hub = await TestHub.StartAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);

        var set = await Assert.ThrowsAsync<NetworkException>(() => client.SetDesiredAsync(name, new DesiredChange(), CancellationToken.None));
        var wait = await Assert.ThrowsAsync<NetworkException>(() => client.WaitForEventsAsync(name, 0, TimeSpan.Zero, CancellationToken.None));

        Assert.Equal((ErrorCode.UnknownDevice, ErrorCode.UnknownDevice), (set.Code, wait.Code));
    }

    [Fact]
    public async Task SetDesired_BlobsAreMissing_NamesThem()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.EnrolAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var bundle = TestBundles.Make();

        var refused = await Assert.ThrowsAsync<NetworkException>(() => client.SetDesiredAsync("pi-1", new DesiredChange(bundle.Manifest), CancellationToken.None));

        Assert.Equal(ErrorCode.ProtocolViolation, refused.Code);
        Assert.Contains(bundle.Blobs.Keys.First(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForEvents_AnEventComes_ReturnsIt()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var waiting = client.WaitForEventsAsync("pi-1", 0, TimeSpan.FromMinutes(10), CancellationToken.None);
        await hub.Clock.WaitsBegunAsync();

        await device.Caller.PostAsync(device.Events, TestBundles.Event(1), ContractsJson.Default.DeviceEvent);

        Assert.Equal(1, Assert.Single((await waiting).Events).Sequence);
    }

    [Fact]
    public async Task WaitForEvents_LongerThanTheHubWaits_AsksAgain()
    {
        HttpResponseMessage Wait(HttpRequestMessage request)
        {
            _clock.Advance(ProtocolLimits.MaxWait);
            return FakeHandler.Status(HttpStatusCode.OK, EmptyPage)(request);
        }

        using var handler = new FakeHandler(Wait);
        using var client = new HubOperator(Nowhere, "token", handler, new FakeClockOver(_clock));

        var page = await client.WaitForEventsAsync("pi-1", 0, TimeSpan.FromSeconds(150), CancellationToken.None);

        Assert.Empty(page.Events);
        Assert.Equal(3, handler.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InsufficientStorage)]
    public async Task IdempotentCall_TheHubFailsTwice_IsTriedAgain(HttpStatusCode status)
    {
        using var handler = new FakeHandler(FakeHandler.Status(status), FakeHandler.Fail(HttpRequestError.ResponseEnded), FakeHandler.Status(HttpStatusCode.OK, EmptyList));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        Assert.Empty(await client.ListDevicesAsync(CancellationToken.None));

        Assert.Equal(3, handler.Requests);
    }

    [Fact]
    public async Task IdempotentCall_TheHubKeepsFailing_GivesUpAfterFiveAttempts()
    {
        using var handler = new FakeHandler(FakeHandler.Status(HttpStatusCode.ServiceUnavailable, "<html>busy</html>"));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        var failed = await Assert.ThrowsAsync<NetworkException>(() => client.ListDevicesAsync(CancellationToken.None));

        Assert.Equal((ErrorCode.HubUnreachable, 5), (failed.Code, handler.Requests));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task IdempotentCall_IsRefused_IsNotTriedAgain(HttpStatusCode status)
    {
        using var handler = new FakeHandler(FakeHandler.Status(status));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        await Assert.ThrowsAsync<NetworkException>(() => client.ListDevicesAsync(CancellationToken.None));

        Assert.Equal(1, handler.Requests);
    }

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded, 1)]
    [InlineData(HttpRequestError.ConnectionError, 5)]
    public async Task SetDesired_TheConnectionBreaks_IsTriedAgainOnlyWhenNothingWasSent(HttpRequestError error, int attempts)
    {
        using var handler = new FakeHandler(FakeHandler.Fail(error));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        var failed = await Assert.ThrowsAsync<NetworkException>(() => client.SetDesiredAsync("pi-1", new DesiredChange(), CancellationToken.None));

        Assert.Equal((ErrorCode.HubUnreachable, attempts), (failed.Code, handler.Requests));
    }

    [Fact]
    public async Task UploadBlob_TheConnectionBreaks_SendsTheWholeStreamAgain()
    {
        List<long> lengths = [];
        Func<HttpRequestMessage, HttpResponseMessage> Note(Func<HttpRequestMessage, HttpResponseMessage> then) => request =>
        {
            lengths.Add(request.Content!.Headers.ContentLength!.Value);
            return then(request);
        };

        using var handler = new FakeHandler(
            FakeHandler.Status(HttpStatusCode.NotFound), Note(FakeHandler.Fail(HttpRequestError.ResponseEnded)), Note(FakeHandler.Status(HttpStatusCode.Created)));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);
        using var stream = new MemoryStream(new byte[77]);

        await client.UploadBlobAsync(new string('a', 64), stream, CancellationToken.None);

        Assert.Equal([77L, 77L], lengths);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("""{"devices":"none"}""")]
    [InlineData("""{"devices":[{"deviceId":"x"}""")]
    public async Task ListDevices_AnswerIsNone_IsAProtocolViolation(string body)
    {
        using var handler = new FakeHandler(FakeHandler.Status(HttpStatusCode.OK, body));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        var failed = await Assert.ThrowsAsync<NetworkException>(() => client.ListDevicesAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.ProtocolViolation, failed.Code);
    }

    [Fact]
    public async Task ListDevices_AnswerIsEndless_IsCutOff()
    {
        using var handler = new FakeHandler(FakeHandler.Status(HttpStatusCode.OK, new string(' ', ProtocolLimits.MaxMessageBytes + 1)));
        using var client = new HubOperator(Nowhere, "token", handler, _clock);

        var failed = await Assert.ThrowsAsync<NetworkException>(() => client.ListDevicesAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.ProtocolViolation, failed.Code);
    }

    [Fact]
    public async Task AnyCall_NothingListens_IsUnreachable()
    {
        // Bound without listening, so that no hub of another test can get the port meanwhile.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        using var client = new HubOperator(new Uri($"http://127.0.0.1:{port}"), "token", null, _clock);

        var failed = await Assert.ThrowsAsync<NetworkException>(() => client.SetDesiredAsync("pi-1", new DesiredChange(), CancellationToken.None));

        Assert.Equal(ErrorCode.HubUnreachable, failed.Code);
        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_Cancelled_EndsWithCancellation()
    {
        using var handler = new FakeHandler(FakeHandler.Status(HttpStatusCode.ServiceUnavailable));
        using var client = new HubOperator(Nowhere, "token", handler, new FakeTimeProvider());
        using var cancel = new CancellationTokenSource();
        var call = client.ListDevicesAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    /// <summary>Fires short timers at once: the pauses between attempts, and not the limits of a call.</summary>
    private sealed class SelfAdvancingClock : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(5) ? TimeSpan.Zero : dueTime, period);
    }

    /// <summary>Shows another clock's time, and never fires: limits of calls are not what is tested.</summary>
    private sealed class FakeClockOver(FakeTimeProvider inner) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
