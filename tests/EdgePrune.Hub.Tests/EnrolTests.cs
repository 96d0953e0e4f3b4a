using System.Net;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub.Tests;

public sealed class EnrolTests
{
    [Fact]
    public async Task Enrol_WithTheToken_MakesTheDeviceKnown()
    {
        await using var hub = await TestHub.StartAsync();

        var device = await hub.EnrolAsync("pi-1");

        var list = await (await hub.Operator.GetAsync("/v1/devices")).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DeviceList);
        var known = Assert.Single(list.Devices);
        Assert.Equal((device.Id, "pi-1", "pi4", "1.0.0", 0L), (known.DeviceId, known.Name, known.Target, known.AgentVersion, known.DesiredRevision));
        Assert.Equal(hub.Clock.GetUtcNow(), known.LastSeen);
        Assert.Null(known.RunningBundle);
    }

    [Theory]
    [InlineData("")]
    [InlineData("enrolment-token-of-the-test")]
    [InlineData("enrolment-token-of-the-tests2")]
    [InlineData(TestHub.OperatorToken)]
    public async Task Enrol_WithAnotherToken_IsRefused(string token)
    {
        await using var hub = await TestHub.StartAsync();

        var answer = await hub.Nobody.PostAsync("/v1/enroll", new EnrollRequest(token, "pi-1", "pi4", "1"), ContractsJson.Default.EnrollRequest);

        answer.IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
        var list = await (await hub.Operator.GetAsync("/v1/devices")).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DeviceList);
        Assert.Empty(list.Devices);
    }

    [Theory]
    [InlineData("", "pi4", "1")]
    [InlineData("../pi", "pi4", "1")]
    [InlineData(".hidden", "pi4", "1")]
    [InlineData("pi 1", "pi4", "1")]
    [InlineData("pi-ä", "pi4", "1")]
    [InlineData("pi-1", "a/b", "1")]
    [InlineData("pi-1", "pi4", "")]
    [InlineData("pi-1", "pi4", "1\n2")]
    public async Task Enrol_WithAnUnsoundName_IsRefused(string name, string target, string version)
    {
        await using var hub = await TestHub.StartAsync();

        var answer = await hub.Nobody.PostAsync("/v1/enroll", new EnrollRequest(TestHub.EnrolmentToken, name, target, version), ContractsJson.Default.EnrollRequest);

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task Enrol_Again_KeepsTheIdAndRevokesTheOldCredential()
    {
        await using var hub = await TestHub.StartAsync();
        var before = await hub.EnrolAsync();

        var after = await hub.EnrolAsync();

        Assert.Equal(before.Id, after.Id);
        Assert.NotEqual(before.Credential, after.Credential);
        (await before.Caller.GetAsync(before.Desired)).IsError(HttpStatusCode.Unauthorized, ErrorCode.Unauthorized);
        Assert.Equal(HttpStatusCode.NoContent, (await after.Caller.GetAsync(after.Desired)).Status);
    }

    [Fact]
    public async Task Enrol_AgainWhileAPollWithTheOldCredentialIsOpen_ThePollNeverSeesTheNewState()
    {
        await using var hub = await TestHub.StartAsync();
        var before = await hub.EnrolAsync();
        var poll = before.Caller.GetAsync(before.Desired + "?after=0&wait=30");
        await hub.Clock.WaitsBegunAsync();
        var after = await hub.EnrolAsync();

        await hub.SetDesiredAsync(after.Id, new DesiredChange(null, null));
        await hub.Clock.WaitsBegunAsync();
        hub.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.NoContent, (await poll).Status);
    }

    [Fact]
    public async Task Enrol_AgainAfterALossOfState_TakesEventsFromOneAgain()
    {
        await using var hub = await TestHub.StartAsync();
        var before = await hub.EnrolAsync();
        await before.Caller.PostAsync(before.Events, TestBundles.Event(1, bundle: new string('a', 64)), ContractsJson.Default.DeviceEvent);
        var after = await hub.EnrolAsync();

        var answer = await after.Caller.PostAsync(after.Events, TestBundles.Event(1, bundle: new string('b', 64)), ContractsJson.Default.DeviceEvent);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        var page = await (await hub.Operator.GetAsync(after.Events)).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.EventPage);
        Assert.Equal(new string('b', 64), Assert.Single(page.Events).Bundle);
    }

    [Fact]
    public async Task Enrol_BeyondTheLimit_IsRefusedButKnownDevicesMayEnrolAgain()
    {
        await using var hub = await TestHub.StartAsync(o => o with { MaxDevices = 1 });
        await hub.EnrolAsync("pi-1");

        var answer = await hub.Nobody.PostAsync("/v1/enroll", new EnrollRequest(TestHub.EnrolmentToken, "pi-2", "pi4", "1"), ContractsJson.Default.EnrollRequest);

        answer.IsError(HttpStatusCode.Conflict, ErrorCode.ProtocolViolation);
        await hub.EnrolAsync("pi-1");
    }

    [Fact]
    public async Task Database_AfterEnrolment_HoldsNoCredential()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        using var db = new SqliteConnection($"Data Source={Path.Combine(hub.Options.DataFolder, "hub.db")};Mode=ReadOnly;Pooling=false");
        db.Open();
        var kept = (byte[])db.Scalar("SELECT credential_hash FROM devices")!;

        Assert.Equal(Tokens.Hash(device.Credential), kept);
        foreach (var file in Directory.EnumerateFiles(hub.Options.DataFolder, "hub.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(device.Credential, await reader.ReadToEndAsync(), StringComparison.OrdinalIgnoreCase);
        }
    }
}
