using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

public sealed class EventTests
{
    private static readonly string BundleA = new('a', 64);
    private static readonly string BundleB = new('b', 64);

    [Fact]
    public async Task Post_Repeated_IsKeptOnce()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        await PostAsync(device, TestBundles.Event(1));
        await PostAsync(device, TestBundles.Event(1));

        Assert.Equal([1L], await SequencesAsync(hub, device));
    }

    [Fact]
    public async Task Post_RepeatedFromManySides_IsKeptOnce()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => PostAsync(device, TestBundles.Event(1 + (i % 4)))));

        Assert.Equal([1L, 2L, 3L, 4L], await SequencesAsync(hub, device));
    }

    [Fact]
    public async Task Post_AnotherEventWithATakenSequence_IsAConflict()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        await PostAsync(device, TestBundles.Event(1));

        var answer = await device.Caller.PostAsync(device.Events, TestBundles.Event(1, DeviceEventKind.Rejected), ContractsJson.Default.DeviceEvent);

        answer.IsError(HttpStatusCode.Conflict, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task Get_AfterASequence_GivesTheRestInOrder()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        foreach (var sequence in new long[] { 3, 1, 2 })
        {
            await PostAsync(device, TestBundles.Event(sequence));
        }

        Assert.Equal([2L, 3L], await SequencesAsync(hub, device, "?after=1"));
    }

    [Fact]
    public async Task Get_Waits_IsWokenByTheEvent()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var poll = SequencesAsync(hub, device, "?after=0&wait=60");
        await hub.Clock.WaitsBegunAsync();

        await PostAsync(device, TestBundles.Event(1));

        Assert.Equal([1L], await poll);
    }

    [Fact]
    public async Task Get_WaitsInVain_GivesAnEmptyPage()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var poll = SequencesAsync(hub, device, "?after=0&wait=60");
        await hub.Clock.WaitsBegunAsync();

        hub.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Empty(await poll);
    }

    [Fact]
    public async Task Get_MoreThanOneMessageHolds_ComesInSeveralPages()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        foreach (var sequence in new long[] { 1, 2, 3 })
        {
            await PostAsync(device, TestBundles.Event(sequence, DeviceEventKind.Rejected) with { Message = new string('x', 1_500_000) });
        }

        Assert.Equal([1L, 2L], await SequencesAsync(hub, device));
        Assert.Equal([3L], await SequencesAsync(hub, device, "?after=2"));
    }

    [Fact]
    public async Task Post_GrowsBeyondAMessageWhenEscaped_IsTooLarge()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        var text = new string('\u00e9', 1_000_000);
        var body = $$"""{"sequence":1,"kind":"Rejected","at":"2026-01-01T00:00:00Z","revision":1,"message":"{{text}}"}""";

        var answer = await device.Caller.PostAsync(device.Events, System.Text.Encoding.UTF8.GetBytes(body));

        answer.IsError(HttpStatusCode.RequestEntityTooLarge, ErrorCode.ProtocolViolation);
    }

    [Fact]
    public async Task RunningBundle_FollowsInstallsAndRollbacks()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        await PostAsync(device, TestBundles.Event(1, bundle: BundleA));
        Assert.Equal(BundleA, await RunningAsync(hub));
        await PostAsync(device, TestBundles.Event(2, bundle: BundleB));
        Assert.Equal(BundleB, await RunningAsync(hub));
        await PostAsync(device, TestBundles.Event(3, DeviceEventKind.RolledBack, BundleA));
        Assert.Equal(BundleB, await RunningAsync(hub));
        await PostAsync(device, TestBundles.Event(4, DeviceEventKind.RolledBack, BundleB));
        Assert.Equal(BundleA, await RunningAsync(hub));
        await PostAsync(device, TestBundles.Event(2, bundle: BundleB));
        Assert.Equal(BundleA, await RunningAsync(hub));
    }

    [Fact]
    public async Task LastSeen_IsTheMomentOfTheLastRequest()
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();
        hub.Clock.Advance(TimeSpan.FromSeconds(5));

        await device.Caller.GetAsync(device.Desired);
        var heard = hub.Clock.GetUtcNow();
        hub.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(heard, (await InfoAsync(hub)).LastSeen);
        await hub.RestartAsync();
        Assert.Equal(heard, (await InfoAsync(hub)).LastSeen);
    }

    [Fact]
    public async Task Events_BeyondTheLimit_DropTheOldest()
    {
        await using var hub = await TestHub.StartAsync(o => o with { MaxEventsPerDevice = 2 });
        var device = await hub.EnrolAsync("pi-1");
        var other = await hub.EnrolAsync("pi-2");
        await PostAsync(other, TestBundles.Event(1));
        foreach (var sequence in new long[] { 1, 2, 3 })
        {
            await PostAsync(device, TestBundles.Event(sequence));
        }

        Assert.Equal([2L, 3L], await SequencesAsync(hub, device));
        Assert.Equal([1L], await SequencesAsync(hub, other));
    }

    [Theory]
    [InlineData("""{"sequence":0,"kind":"Rejected","at":"2026-01-01T00:00:00Z","revision":1}""")]
    [InlineData("""{"sequence":-1,"kind":"Rejected","at":"2026-01-01T00:00:00Z","revision":1}""")]
    [InlineData("""{"sequence":9223372036854775807,"kind":"Rejected","at":"2026-01-01T00:00:00Z","revision":1}""")]
    [InlineData("""{"sequence":1,"kind":"Exploded","at":"2026-01-01T00:00:00Z","revision":1}""")]
    [InlineData("""{"sequence":1,"kind":99,"at":"2026-01-01T00:00:00Z","revision":1}""")]
    [InlineData("""{"sequence":1,"kind":"Rejected","at":"yesterday","revision":1}""")]
    [InlineData("""{"sequence":1,"kind":"Rejected","at":"2026-01-01T00:00:00Z","revision":-1}""")]
    [InlineData("""{"sequence":1,"kind":"Rejected","at":"2026-01-01T00:00:00Z","revision":1,"bundle":"../x"}""")]
    [InlineData("""{"sequence":1,"kind":"Installed","at":"2026-01-01T00:00:00Z","revision":1}""")]
    [InlineData("""{"sequence":1,"kind":"Profiled","at":"2026-01-01T00:00:00Z","revision":1}""")]
    public async Task Post_UnsoundEvent_IsABadRequest(string body)
    {
        await using var hub = await TestHub.StartAsync();
        var device = await hub.EnrolAsync();

        var answer = await device.Caller.PostAsync(device.Events, System.Text.Encoding.UTF8.GetBytes(body));

        answer.IsError(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation);
        Assert.Empty(await SequencesAsync(hub, device));
    }

    private static async Task PostAsync(TestDevice device, DeviceEvent happened)
    {
        var answer = await device.Caller.PostAsync(device.Events, happened, ContractsJson.Default.DeviceEvent);
        Assert.True(answer.Status == HttpStatusCode.NoContent, answer.Text);
    }

    private static async Task<IEnumerable<long>> SequencesAsync(TestHub hub, TestDevice device, string query = "")
    {
        var answer = await hub.Operator.GetAsync(device.Events + query);
        Assert.True(answer.Body.Length <= ProtocolLimits.MaxMessageBytes);
        return (await answer.ReadAsync(HttpStatusCode.OK, ContractsJson.Default.EventPage)).Events.Select(e => e.Sequence);
    }

    private static async Task<string?> RunningAsync(TestHub hub) => (await InfoAsync(hub)).RunningBundle;

    private static async Task<DeviceInfo> InfoAsync(TestHub hub) => Assert.Single(
        (await (await hub.Operator.GetAsync("/v1/devices")).ReadAsync(HttpStatusCode.OK, ContractsJson.Default.DeviceList)).Devices);
}
