using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class DesiredTests
{
    [Fact]
    public async Task Get_NothingSet_AnswersNoContentAtOnce()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        var answer = await device.Caller.GetAsync(device.Desired);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Get_StateIsNewer_CarriesTheBundleByteForByte()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var bundle = TestBundles.Make();
        await hub.UploadAsync(bundle);
        var order = new ProfileOrder("order-1", new ProfileSettings { Threads = 2 });

        var set = await hub.SetDesiredAsync("pi-1", new DesiredChange(bundle.Manifest, order));
        var got = await (await device.Caller.GetAsync(device.Desired + "?after=0")).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DesiredState);

        Assert.Equal(1, set.Revision);
        Assert.Equal(1, got.Revision);
        Assert.Equal(bundle.Manifest.Payload, got.Bundle!.Payload);
        Assert.Equal(bundle.Manifest.Signatures[0].Signature, got.Bundle.Signatures[0].Signature);
        Assert.Equal(order, got.Profile);
        Assert.Equal(HttpStatusCode.NoContent, (await device.Caller.GetAsync(device.Desired + "?after=1")).Status);
    }

    [Fact]
    public async Task Put_Twice_GrowsTheRevision()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        var first = await hub.SetDesiredAsync(device.Id, new DesiredChange(null, null));
        var second = await hub.SetDesiredAsync(device.Id, new DesiredChange(null, null));

        Assert.Equal((1L, 2L), (first.Revision, second.Revision));
    }

    [Fact]
    public async Task Get_WaitsAndNothingChanges_AnswersNoContentWhenTheTimeIsOver()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        var poll = device.Caller.GetAsync(device.Desired + "?after=0&wait=30");
        await hub.Clock.WaitsBegunAsync();
        hub.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(poll.IsCompleted);
        hub.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.NoContent, (await poll).Status);
    }

    [Fact]
    public async Task Get_WaitBeyondTheLongest_IsCut()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        var poll = device.Caller.GetAsync(device.Desired + "?wait=99999999999999999999");
        await hub.Clock.WaitsBegunAsync();
        hub.Clock.Advance(ProtocolLimits.MaxWait);

        Assert.Equal(HttpStatusCode.NoContent, (await poll).Status);
    }

    [Fact]
    public async Task Get_ManyWait_AllAreWokenByTheChangeOfTheirDevice()
    {
        const int Devices = 20;
        const int PollsEach = 10;
        await using var hub = await TestHub.StartAsync();
        var devices = await Task.WhenAll(Enumerable.Range(0, Devices).Select(i => hub.EnrolAsync($"pi-{i}")));
        var polls = devices.SelectMany(d => Enumerable.Range(0, PollsEach).Select(_ => d.Caller.GetAsync(d.Desired + "?wait=60"))).ToList();
        var untouched = await hub.EnrolAsync("other");
        var asleep = untouched.Caller.GetAsync(untouched.Desired + "?wait=60");
        await hub.Clock.WaitsBegunAsync(Devices * PollsEach + 1);

        await Task.WhenAll(devices.Select(d => hub.SetDesiredAsync(d.Id, new DesiredChange(null, null))));
        var answers = await Task.WhenAll(polls);

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        Assert.False(asleep.IsCompleted);
        hub.Clock.Advance(ProtocolLimits.MaxWait);
        Assert.Equal(HttpStatusCode.NoContent, (await asleep).Status);
    }

    [Fact]
    public async Task Get_TheDeviceHasSeenMoreThanTheHub_TheStateIsIssuedAnew()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        await hub.SetDesiredAsync(device.Id, new DesiredChange(null, new ProfileOrder("order-1", new ProfileSettings())));

        var got = await (await device.Caller.GetAsync(device.Desired + "?after=7")).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DesiredState);

        Assert.Equal(8, got.Revision);
        Assert.Equal("order-1", got.Profile!.OrderId);
        Assert.Equal(9, (await hub.SetDesiredAsync(device.Id, new DesiredChange(null, null))).Revision);
    }

    [Fact]
    public async Task Put_BlobsAreMissing_IsAConflictThatNamesThem()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var bundle = TestBundles.Make();
        var model = ManifestSignatures.Parse(bundle.Manifest.Payload).Blobs[0];
        await hub.Operator.PutAsync($"/v1/blobs/sha256:{model.Sha256}", bundle.Blobs[model.Sha256].ToArray());

        var answer = await hub.Operator.PutAsync(device.Desired, new DesiredChange(bundle.Manifest, null), ContractsJson.Default.DesiredChange);

        answer.IsError(HttpStatusCode.Conflict, ErrorCode.ProtocolViolation);
        Assert.All(bundle.Blobs.Keys, digest => Assert.Equal(digest != model.Sha256, answer.Text.Contains(digest, StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.NoContent, (await device.Caller.GetAsync(device.Desired)).Status);
    }

    [Fact]
    public async Task Put_UnknownDevice_IsNotFound()
    {
        await using var hub = await TestHub.StartAsync();

        var answer = await hub.Operator.PutAsync("/v1/devices/nobody/desired", new DesiredChange(null, null), ContractsJson.Default.DesiredChange);

        answer.IsError(HttpStatusCode.NotFound, ErrorCode.UnknownDevice);
    }

    [Fact]
    public async Task Put_ADeviceTookAnothersIdAsItsName_TheIdWins()
    {
        await using var hub = await TestHub.StartAsync();
        var honest = await hub.EnrolAsync("pi-1");
        var liar = await hub.EnrolAsync(honest.Id);

        await hub.SetDesiredAsync(honest.Id, new DesiredChange(null, null));

        Assert.Equal(HttpStatusCode.OK, (await honest.Caller.GetAsync(honest.Desired)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await liar.Caller.GetAsync(liar.Desired)).Status);
    }

    [Fact]
    public async Task Put_ManifestIsNone_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var change = new DesiredChange(new SignedManifest("{}"u8.ToArray(), []), null);

        var answer = await hub.Operator.PutAsync(device.Desired, change, ContractsJson.Default.DesiredChange);

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.InvalidBundle);
    }

    [Fact]
    public async Task Put_ManifestIsTooLong_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var change = new DesiredChange(new SignedManifest(new byte[ProtocolLimits.MaxManifestBytes + 1], []), null);

        var answer = await hub.Operator.PutAsync(device.Desired, change, ContractsJson.Default.DesiredChange);

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.InvalidBundle);
    }

    [Fact]
    public async Task Put_ProfileSettingsAreUnsound_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var change = new DesiredChange(null, new ProfileOrder("order-1", new ProfileSettings { Threads = 0 }));

        var answer = await hub.Operator.PutAsync(device.Desired, change, ContractsJson.Default.DesiredChange);

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
        Assert.Contains("threads", answer.Text, StringComparison.Ordinal);
    }
}
