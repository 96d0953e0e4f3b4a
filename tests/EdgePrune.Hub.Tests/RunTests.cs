using System.Net;
using System.Text;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task Runs_OfAProfiledEvent_AreListedAndReadWithNameSettingsAndFingerprint()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var bundle = TestBundles.Make();
        await hub.UploadAsync(bundle);
        await hub.SetDesiredAsync("pi-1", new DesiredChange(bundle.Manifest));
        // A later order without the bundle must not make its name unknown.
        await hub.SetDesiredAsync("pi-1", new DesiredChange(Profile: new ProfileOrder("order-1", new ProfileSettings())));
        var report = TestReports.Make();

        await PostAsync(device, TestReports.Event(1, report, ManifestSignatures.Identity(bundle.Manifest)));

        var run = Assert.Single((await ListAsync(hub)).Runs);
        Assert.Equal((device.Id, "pi-1", "digits", TestReports.ModelA), (run.DeviceId, run.Device, run.ModelName, run.ModelSha256));
        Assert.Equal((report.StartedAt, hub.Clock.GetUtcNow(), report.Settings), (run.StartedAt, run.KeptAt, run.Settings));
        Assert.Equal((report.Conditions.Fingerprint, report.Latency.P50, report.Latency.P95, RunValidity.Suspect), (run.Fingerprint, run.P50, run.P95, run.Validity));
        Assert.Equal(RunSummary.IdLength, run.Id.Length);
        var read = await (await hub.Operator.GetAsync($"/v1/runs/{run.Id}")).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.MeasuredRun);
        Assert.Equal(run, read.Summary);
        Assert.Equal(Text(report), Text(read.Report));
    }

    [Fact]
    public async Task Runs_OfAnEventSentAgain_AreKeptOnceAndSurviveARestart()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        await PostAsync(device, TestReports.Event(1, TestReports.Make()));
        await PostAsync(device, TestReports.Event(1, TestReports.Make()));
        // A device that lost its state may send the same report under another sequence.
        await PostAsync(device, TestReports.Event(2, TestReports.Make()));

        await hub.RestartAsync();

        Assert.Single((await ListAsync(hub)).Runs);
    }

    [Fact]
    public async Task Runs_OfTwoDevicesWithTheSameReport_AreTwo()
    {
        await using var hub = await TestHub.StartAsync();
        await PostAsync(await hub.EnrolAsync("pi-1"), TestReports.Event(1, TestReports.Make()));
        await PostAsync(await hub.EnrolAsync("pi-2"), TestReports.Event(1, TestReports.Make()));

        Assert.Equal(["pi-2", "pi-1"], (await ListAsync(hub)).Runs.Select(r => r.Device));
        Assert.Equal(["pi-1"], (await ListAsync(hub, "?device=pi-1")).Runs.Select(r => r.Device));
    }

    [Fact]
    public async Task Runs_OfAProfileThatFailed_AreNone()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        await PostAsync(device, TestReports.Event(1, TestReports.Make()) with { Kind = DeviceEventKind.ProfileFailed });

        Assert.Empty((await ListAsync(hub)).Runs);
    }

    [Fact]
    public async Task Runs_BeyondTheLimit_DropTheOldestOfThatDevice()
    {
        await using var hub = await TestHub.StartAsync(o => o with { MaxRunsPerDevice = 2, MaxEventsPerDevice = 1 });
        var (device, other) = (await hub.EnrolAsync("pi-1"), await hub.EnrolAsync("pi-2"));
        await PostAsync(other, TestReports.Event(1, TestReports.Make()));
        foreach (var i in new[] { 1, 2, 3 })
        {
            await PostAsync(device, TestReports.Event(i, TestReports.Make(i)));
        }

        // They outlive their events, of which only one is kept.
        Assert.Equal([3, 2], (await ListAsync(hub, "?device=pi-1")).Runs.Select(r => r.StartedAt.Minute));
        Assert.Single((await ListAsync(hub, "?device=pi-2")).Runs);
    }

    [Fact]
    public async Task Runs_InPages_AreAllThereOnceWhileOthersCome()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        foreach (var i in new[] { 1, 2, 3 })
        {
            await PostAsync(device, TestReports.Event(i, TestReports.Make(i)));
        }

        var first = await ListAsync(hub, "?count=2");
        await PostAsync(device, TestReports.Event(4, TestReports.Make(4)));
        var second = await ListAsync(hub, $"?count=2&before={first.Before}");

        Assert.Equal([3, 2, 1], first.Runs.Concat(second.Runs).Select(r => r.StartedAt.Minute));
        Assert.Null(second.Before);
    }

    [Fact]
    public async Task Runs_ByModelAndByTheStartOfAnId_AreThoseAlone()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        await PostAsync(device, TestReports.Event(1, TestReports.Make(1)));
        await PostAsync(device, TestReports.Event(2, TestReports.Make(2, TestReports.ModelB)));
        var all = (await ListAsync(hub)).Runs;

        Assert.Equal([all[0]], (await ListAsync(hub, $"?model={TestReports.ModelB}")).Runs);
        foreach (var run in all)
        {
            Assert.Equal([run], (await ListAsync(hub, $"?id={run.Id[..12]}")).Runs);
        }

        Assert.Empty((await ListAsync(hub, $"?id={all[0].Id[..31]}{(all[0].Id[31] == '0' ? '1' : '0')}")).Runs);
    }

    [Fact]
    public async Task Operator_ListsMoreThanAPageAndReadsOne()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        foreach (var i in Enumerable.Range(1, 130))
        {
            await PostAsync(device, TestReports.Event(i, TestReports.Make(0, milliseconds: i)));
        }

        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);
        var runs = await client.ListRunsAsync(new RunFilter { Device = "pi-1" }, 120, CancellationToken.None);

        Assert.Equal(Enumerable.Range(11, 120).Reverse(), runs.Select(r => (int)r.P50.Estimate.TotalMilliseconds));
        Assert.Equal(runs[7], (await client.ReadRunAsync(runs[7].Id, CancellationToken.None)).Summary);
        var unknown = await Assert.ThrowsAsync<InputException>(() => client.ReadRunAsync(new string('0', 32), CancellationToken.None));
        Assert.Equal(ErrorCode.UnknownRun, unknown.Code);
        Assert.Equal(ErrorCode.UnknownRun, (await Assert.ThrowsAsync<InputException>(() => client.ReadRunAsync("../devices", CancellationToken.None))).Code);
        Assert.Equal(ErrorCode.UnknownDevice, (await Assert.ThrowsAsync<NetworkException>(() => client.ListRunsAsync(new RunFilter { Device = "pi-9" }, 1, CancellationToken.None))).Code);
    }

    [Theory]
    [InlineData("?device=..%2f")]
    [InlineData("?device=pi-1%27%20OR%201=1")]
    [InlineData("?device=pi-1&device=pi-2")]
    [InlineData("?model=abc")]
    [InlineData("?model=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?id=xyz")]
    [InlineData("?id=%25")]
    [InlineData("?id=000000000000000000000000000000000")]
    [InlineData("?before=-1")]
    [InlineData("?before=9223372036854775807")]
    [InlineData("?before=1&before=2")]
    [InlineData("?count=0")]
    [InlineData("?count=101")]
    [InlineData("?count=1.5")]
    [InlineData("?count=99999999999999999999")]
    public async Task List_HostileQuery_IsABadRequest(string query)
    {
        await using var hub = await TestHub.StartAsync();
        await hub.EnrolAsync();

        (await hub.Operator.GetAsync("/v1/runs" + query)).IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task List_OfADeviceThatIsNotThere_IsUnknown()
    {
        await using var hub = await TestHub.StartAsync();

        (await hub.Operator.GetAsync("/v1/runs?device=pi-9")).IsError(HttpStatusCode.NotFound, ErrorCode.UnknownDevice);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("x'%20OR%201=1")]
    [InlineData("..%2f..%2fhub.db")]
    [InlineData("%00")]
    public async Task Get_IdThatIsNotThere_IsNotFoundAndNoFailure(string id)
    {
        await using var hub = await TestHub.StartAsync();
        await PostAsync(await hub.EnrolAsync(), TestReports.Event(1, TestReports.Make()));

        var answer = await hub.Operator.GetAsync($"/v1/runs/{id}");

        Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.Status}: {answer.Text}");
    }

    [Fact]
    public async Task Event_WithADigestThatWouldSwellTheLists_IsABadRequest()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var sound = TestReports.Make();
        ProfileReport[] hostile =
        [
            sound with { ModelSha256 = new string('a', 1_000_000) }, sound with { ModelSha256 = "" }, sound with { ModelSha256 = "\u001b[2J" + new string('a', 60) },
            sound with { Conditions = sound.Conditions with { Fingerprint = new string('f', 65) } },
            sound with { Operators = [new OperatorTime(new string('n', ProtocolLimits.MaxMessageBytes - 5000), "Conv", TimeSpan.FromTicks(1), 1)] },
        ];

        foreach (var report in hostile)
        {
            (await device.Caller.PostAsync(device.Events, TestReports.Event(1, report), ContractsJson.Default.DeviceEvent))
                .IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
        }

        Assert.Empty((await ListAsync(hub)).Runs);
    }

    [Theory]
    [InlineData("\"operators\":[]", "\"operators\":[null]")]
    [InlineData("\"windows\":[]", "\"windows\":[null]")]
    [InlineData("\"reasons\":[\"It was warm.\"]", "\"reasons\":[null]")]
    public async Task Event_WithNullInAList_IsABadRequest(string sound, string hostile)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var json = JsonSerializer.Serialize(TestReports.Event(1, TestReports.Make()), ContractsJson.Default.DeviceEvent);
        Assert.Contains(sound, json, StringComparison.Ordinal);

        var answer = await device.Caller.PostAsync(device.Events, Encoding.UTF8.GetBytes(json.Replace(sound, hostile, StringComparison.Ordinal)));

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
        Assert.Empty((await ListAsync(hub)).Runs);
    }

    [Fact]
    public async Task Get_TheLongestReportThatIsTaken_FitsIntoAMessage()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var sound = TestReports.Make();
        var room = RunTable.MaxReportBytes - RunTable.Write(sound).Length - 200;
        var longest = sound with { Operators = [new OperatorTime(new string('n', room), "Conv", TimeSpan.FromTicks(1), 1)] };
        await PostAsync(device, TestReports.Event(1, longest));
        using var client = new HubOperator(hub.Server.Address, TestHub.OperatorToken);

        var run = Assert.Single(await client.ListRunsAsync(new RunFilter(), 10, CancellationToken.None));

        Assert.Equal(room, (await client.ReadRunAsync(run.Id, CancellationToken.None)).Report.Operators[0].Node.Length);
    }

    private static string Text(ProfileReport report) => JsonSerializer.Serialize(report, ContractsJson.Default.ProfileReport);

    private static async Task<RunPage> ListAsync(TestHub hub, string query = "") =>
        await (await hub.Operator.GetAsync("/v1/runs" + query)).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.RunPage);

    private static async Task PostAsync(TestDevice device, DeviceEvent happened)
    {
        var answer = await device.Caller.PostAsync(device.Events, happened, ContractsJson.Default.DeviceEvent);
        Assert.True(answer.Status == HttpStatusCode.NoContent, answer.Text);
    }
}
