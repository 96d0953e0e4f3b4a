using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

/// <summary>Files that an SD card changed behind the agent's back.</summary>
public sealed class DamageTests : IDisposable
{
    private static readonly TestBundle First = new() { Version = 1 };
    private static readonly TestBundle Second = new() { Version = 2 };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    public static TheoryData<string> Files => new($"{Rig.Root}/state.json", $"{Rig.Root}/current.json", $"{Rig.Root}/slots/a.json", $"{Rig.Root}/slots/b.json", $"{Rig.Root}/blobs/{Second.Sha256}", $"{Rig.Root}/blobs/{First.Sha256}");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Start_OneFileWithAWrongBit_ServesAWholeModelAndRepairsItself(string file)
    {
        await InstallBothAsync();
        _rig.Disk.Damage(file);

        await RequireRepairAsync();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Start_OneFileEmpty_ServesAWholeModelAndRepairsItself(string file)
    {
        await InstallBothAsync();
        _rig.Disk.Truncate(file, 0);

        await RequireRepairAsync();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Start_OneFileGone_ServesAWholeModelAndRepairsItself(string file)
    {
        await InstallBothAsync();
        _rig.Disk.Delete(file);

        await RequireRepairAsync();
    }

    [Fact]
    public async Task Start_StateAndItsCopyDamaged_EnrolsAgainWithHigherSequences()
    {
        await InstallBothAsync();
        var highest = _rig.Last.Sequence;
        _rig.Disk.Damage($"{Rig.Root}/state.json");
        _rig.Disk.Damage($"{Rig.Root}/state.copy.json");
        _rig.Boot();

        Assert.Equal(DeviceEventKind.Installed, (await _rig.InstallAsync(new TestBundle { Version = 3 })).Kind);

        Assert.Equal(2, _rig.Hub.Count("POST /v1/enroll"));
        Assert.True(_rig.Last.Sequence > highest);
        // What the slots held still counts: their versions are not to be undercut.
        Assert.Equal((int)ErrorCode.DowngradedBundle, (await _rig.InstallAsync(Second with { Seed = 9 })).ErrorCode);
    }

    [Fact]
    public async Task Start_EverythingDamaged_ServesNothingUntilTheHubSendsAgain()
    {
        await InstallBothAsync();
        foreach (var file in Files)
        {
            _rig.Disk.Damage((string)file);
        }

        _rig.Hub.IsOffline = true;
        _rig.Boot();
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        Assert.Null(_rig.Running.Current);
        _rig.Hub.IsOffline = false;

        await _rig.StepAsync();

        _rig.RequireServing(Second);
    }

    [Fact]
    public async Task Send_DamagedEvent_IsSetAsideAndItsSequenceIsNotUsedAgain()
    {
        _rig.Hub.Intercept = r => r.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal) ? throw new HttpRequestException("reset") : null;
        _rig.Want(First);
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        _rig.Disk.Damage($"{Rig.Root}/outbox/1.json");
        _rig.Hub.Intercept = _ => null;
        _rig.Boot();

        await _rig.InstallAsync(Second);

        Assert.Equal(2, Assert.Single(_rig.Events).Sequence);
        Assert.Single(_rig.Disk.List($"{Rig.Root}/refused"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"sha256\":7,\"content\":{}}")]
    [InlineData("{\"sha256\":\"00\",\"content\":{\"slot\":\"a\"}}")]
    public void SealedFile_ThatIsNone_IsDamaged(string text)
    {
        using (var stream = _rig.Disk.Create("/data/current.json"))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        var file = new SealedFile<CurrentPointer>(_rig.Disk, "/data/current.json", DeviceJson.Default.CurrentPointer);

        Assert.False(file.TryRead(out var content));
        Assert.Null(content);
    }

    private async Task InstallBothAsync()
    {
        await _rig.InstallAsync(First);
        await _rig.InstallAsync(Second);
    }

    private async Task RequireRepairAsync()
    {
        _rig.Hub.IsOffline = true;
        _rig.Boot();
        await Assert.ThrowsAsync<HubUnavailableException>(_rig.StepAsync);
        _rig.RequireServing(_rig.Running.Current!.Version == 1 ? First : Second);

        _rig.Hub.IsOffline = false;
        await _rig.StepAsync();
        _rig.RequireServing(Second);
        Assert.Equal(1, _rig.Hub.Count("POST /v1/enroll"));
    }
}
