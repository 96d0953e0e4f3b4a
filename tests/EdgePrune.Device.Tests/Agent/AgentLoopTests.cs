using System.Net;
using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

public sealed class AgentLoopTests : IDisposable
{
    private static readonly TestBundle First = new() { Version = 1 };
    private static readonly TestBundle Second = new() { Version = 2 };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Enroll_OverRestarts_HappensOnce()
    {
        await _rig.StepAsync();
        _rig.Boot();
        await _rig.StepAsync();

        Assert.Equal(1, _rig.Hub.Count("POST /v1/enroll"));
    }

    [Fact]
    public async Task Enroll_WrongToken_EndsTheAgent()
    {
        _rig.Options = _rig.Options with { Token = "guess" };

        var error = await Assert.ThrowsAsync<NetworkException>(() => _rig.Boot().RunAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        Assert.DoesNotContain("guess", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enroll_NoToken_EndsTheAgentWithAdvice()
    {
        _rig.Options = _rig.Options with { Token = null };

        var error = await Assert.ThrowsAsync<InputException>(() => _rig.Boot().RunAsync(CancellationToken.None));

        Assert.Contains("--token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnrollAgain_WithRefusedCredential_StartsRevisionsAnew()
    {
        await _rig.InstallAsync(First);
        _rig.Options = _rig.Options with { EnrollAgain = true };
        _rig.Boot();

        await _rig.StepAsync();

        Assert.Equal(2, _rig.Hub.Count("POST /v1/enroll"));
        Assert.Contains(_rig.Hub.Requests.TakeLast(4), r => r.Contains("after=0&", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CredentialRefused_ServesOnAndAsksAgainAfterMinutes()
    {
        await _rig.InstallAsync(First);
        _rig.Hub.KnowsCredential = false;
        _rig.Hub.RequestTimes.Clear();
        using var stop = new CancellationTokenSource();
        var run = _rig.Boot().RunAsync(stop.Token);
        while (_rig.Hub.RequestTimes.Count < 2)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(_rig.Hub.RequestTimes[1] - _rig.Hub.RequestTimes[0] >= TimeSpan.FromMinutes(5));
        _rig.RequireServing(First);
    }

    [Fact]
    public async Task Run_HubUnreachable_ServesOnAndComesBack()
    {
        await _rig.InstallAsync(First);
        using var stop = new CancellationTokenSource();
        var asked = 0;
        _rig.Want(Second);
        _rig.Hub.Intercept = _ => ++asked switch
        {
            < 10 => throw new HttpRequestException("No route to host"),
            10 => Expect(First),
            _ => null,
        };
        _rig.Boot();
        _rig.Running.Changed += (_, _) => StopAt(Second, stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.Agent!.RunAsync(stop.Token));

        Assert.Equal(Second.Version, _rig.Running.Current!.Version);
    }

    [Fact]
    public async Task Event_NotTakenBeforeRestart_IsSentOnceAfterIt()
    {
        _rig.Hub.Intercept = r => IsEvent(r) ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : null;
        _rig.Want(First);
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        Assert.Single(_rig.Disk.List($"{Rig.Root}/outbox"));
        _rig.Hub.Intercept = _ => null;
        _rig.Boot();
        var sent = _rig.Hub.Count("POST /v1/devices");

        await _rig.StepAsync();
        _rig.Boot();
        await _rig.StepAsync();

        Assert.Equal(sent + 1, _rig.Hub.Count("POST /v1/devices"));
        Assert.Equal(DeviceEventKind.Installed, Assert.Single(_rig.Events).Kind);
    }

    [Fact]
    public async Task Event_TakenButAnswerLost_IsRepeatedWithTheSameSequence()
    {
        var isLost = true;
        _rig.Hub.Intercept = r =>
        {
            if (IsEvent(r) && isLost)
            {
                isLost = false;
                throw new HttpRequestException("Connection reset");
            }

            return null;
        };
        _rig.Want(First);
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        await _rig.StepAsync();

        Assert.Empty(_rig.Hub.Conflicts);
        Assert.Equal(1, Assert.Single(_rig.Events).Sequence);
    }

    [Fact]
    public async Task Event_RefusedForGood_IsSetAsideAndLaterOnesGoOut()
    {
        var isFirst = true;
        _rig.Hub.Intercept = r => IsEvent(r) && isFirst && !(isFirst = false) ? FakeHub.Error(HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation, "No.") : null;
        await Assert.ThrowsAnyAsync<Exception>(() => _rig.InstallAsync(First));

        await _rig.InstallAsync(Second);

        Assert.Equal(2, Assert.Single(_rig.Events).Sequence);
        Assert.Single(_rig.Disk.List($"{Rig.Root}/refused"));
    }

    [Fact]
    public async Task Profile_SameOrderAgain_IsMeasuredOnce()
    {
        _rig.Want(First, order: "order-1");
        await _rig.StepAsync();
        _rig.Boot();
        _rig.Want(_rig.Hub.Desired!.Bundle, order: "order-1");
        await _rig.StepAsync();

        Assert.Single(_rig.Profiler.Models);
        Assert.Equal("order-1", Assert.Single(_rig.Events, e => e.Kind == DeviceEventKind.Profiled).OrderId);
    }

    [Fact]
    public async Task Profile_NewOrderForUnchangedBundle_IsMeasured()
    {
        await _rig.InstallAsync(First);

        _rig.Want((SignedManifest?)null, order: "order-2");
        await _rig.StepAsync();

        Assert.Equal(DeviceEventKind.Profiled, _rig.Last.Kind);
        Assert.Equal(First.Sha256, _rig.Last.Profile!.ModelSha256);
    }

    [Fact]
    public async Task Profile_Failing_IsReportedOnce()
    {
        _rig.Profiler.Run = () => throw new DeviceException(ErrorCode.MeasurementFailed, "It died.");

        _rig.Want(First, order: "order-1");
        await _rig.StepAsync();
        await _rig.StepAsync();

        var failed = Assert.Single(_rig.Events, e => e.Kind == DeviceEventKind.ProfileFailed);
        Assert.Equal(((int?)ErrorCode.MeasurementFailed, "order-1"), (failed.ErrorCode, failed.OrderId));
    }

    [Fact]
    public async Task Profile_OfARefusedBundle_IsNotMeasuredOnTheOldModel()
    {
        await _rig.InstallAsync(Second);

        _rig.Want(First, order: "order-1");
        await _rig.StepAsync();

        Assert.Empty(_rig.Profiler.Models);
        Assert.Equal(DeviceEventKind.ProfileFailed, _rig.Last.Kind);
    }

    [Fact]
    public async Task Profile_ThatKillsTheDevice_IsGivenUp()
    {
        _rig.Profiler.Run = () => throw new PowerCutException();
        _rig.Want(First, order: "order-1");
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<PowerCutException>(_rig.StepAsync);
            _rig.Boot();
        }

        await _rig.StepAsync();

        Assert.Equal(DeviceEventKind.ProfileFailed, _rig.Last.Kind);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"revision\":0}")]
    [InlineData("{\"revision\":5,\"bundle\":{\"payload\":\"!\",\"signatures\":[]}}")]
    [InlineData("{\"revision\":5,\"bundle\":{\"payload\":\"AAAA\"}}")]
    [InlineData("<html>login</html>")]
    public async Task Desired_Malformed_IsAProtocolViolation(string body)
    {
        await _rig.StepAsync();
        _rig.Hub.Intercept = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) };

        var error = await Assert.ThrowsAsync<NetworkException>(_rig.StepAsync);

        Assert.Equal(ErrorCode.ProtocolViolation, error.Code);
    }

    [Fact]
    public async Task Desired_LongerThanTheLimit_IsNotReadToItsEnd()
    {
        await _rig.StepAsync();
        _rig.Hub.Intercept = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[ProtocolLimits.MaxMessageBytes + 1]) };

        var error = await Assert.ThrowsAsync<NetworkException>(_rig.StepAsync);

        Assert.Equal(ErrorCode.ProtocolViolation, error.Code);
    }

    private static bool IsEvent(HttpRequestMessage request) => request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal);

    private HttpResponseMessage? Expect(TestBundle bundle)
    {
        _rig.RequireServing(bundle);
        return null;
    }

    private void StopAt(TestBundle bundle, CancellationTokenSource stop)
    {
        if (_rig.Running.Current?.Version == bundle.Version)
        {
            stop.Cancel();
        }
    }
}
