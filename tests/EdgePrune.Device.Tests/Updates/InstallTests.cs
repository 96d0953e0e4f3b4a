using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

public sealed class InstallTests : IDisposable
{
    private static readonly TestBundle First = new() { Version = 1 };
    private static readonly TestBundle Second = new() { Version = 2 };
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Install_GoodBundle_ServesItAndRaisesChangedOnce()
    {
        _rig.Boot();
        var changes = 0;
        _rig.Running.Changed += (_, _) => changes++;

        var result = await _rig.InstallAsync(First);

        Assert.Equal(DeviceEventKind.Installed, result.Kind);
        Assert.Equal(1, changes);
        _rig.RequireServing(First);
    }

    [Fact]
    public async Task Install_TamperedManifest_IsRefused()
    {
        var signed = Second.Sign(Rig.Key);
        signed.Payload[^20] ^= 1;

        await RequireRefusedAsync(signed, ErrorCode.TamperedBundle);
    }

    [Fact]
    public Task Install_UntrustedKey_IsRefused()
    {
        using var stranger = SigningKey.Create();
        return RequireRefusedAsync(Second.Sign(stranger), ErrorCode.UntrustedKey);
    }

    [Fact]
    public Task Install_SignatureOfAnotherManifest_IsRefused() =>
        RequireRefusedAsync(Second.Sign(Rig.Key) with { Signatures = First.Sign(Rig.Key).Signatures }, ErrorCode.TamperedBundle);

    [Fact]
    public Task Install_NoSignature_IsRefused() =>
        RequireRefusedAsync(Second.Sign(Rig.Key) with { Signatures = [] }, ErrorCode.UntrustedKey);

    [Fact]
    public Task Install_OtherTarget_IsRefused() =>
        RequireRefusedAsync((Second with { Targets = ["another-board"] }).Sign(Rig.Key), ErrorCode.WrongTarget);

    [Fact]
    public Task Install_Expired_IsRefused() =>
        RequireRefusedAsync((Second with { ExpiresAt = Rig.Start }).Sign(Rig.Key), ErrorCode.ExpiredBundle);

    [Fact]
    public Task Install_SameVersionWithOtherBytes_IsRefused() =>
        RequireRefusedAsync((First with { Seed = 99 }).Sign(Rig.Key), ErrorCode.DowngradedBundle);

    [Fact]
    public async Task Install_ReplayedOlderManifest_IsRefusedAndNewerServes()
    {
        await _rig.InstallAsync(First);
        await _rig.InstallAsync(Second);

        var result = await _rig.InstallAsync(First);

        Assert.Equal((int)ErrorCode.DowngradedBundle, result.ErrorCode);
        _rig.RequireServing(Second);
    }

    [Fact]
    public async Task Install_OtherModelLine_HasItsOwnVersions()
    {
        await _rig.InstallAsync(Second);

        var other = First with { Name = "detector" };
        Assert.Equal(DeviceEventKind.Installed, (await _rig.InstallAsync(other)).Kind);
        _rig.RequireServing(other);
    }

    [Fact]
    public async Task Install_SameBundleAgain_ReportsInstalledWithoutDownload()
    {
        await _rig.InstallAsync(First);
        var downloads = _rig.Hub.Count("GET /v1/blobs");
        var signed = _rig.Hub.Desired!.Bundle!;

        _rig.Want(signed);
        await _rig.StepAsync();

        Assert.Equal(DeviceEventKind.Installed, _rig.Last.Kind);
        Assert.Equal(_rig.Hub.Desired!.Revision, _rig.Last.Revision);
        Assert.Equal(downloads, _rig.Hub.Count("GET /v1/blobs"));
    }

    [Fact]
    public async Task Install_OldBytesUnderNewVersion_DownloadsNothing()
    {
        await _rig.InstallAsync(First);
        await _rig.InstallAsync(Second);
        var downloads = _rig.Hub.Count("GET /v1/blobs");

        var back = First with { Version = 3, Seed = 1 };
        Assert.Equal(DeviceEventKind.Installed, (await _rig.InstallAsync(back)).Kind);
        Assert.Equal(downloads, _rig.Hub.Count("GET /v1/blobs"));
        _rig.RequireServing(back);
    }

    [Fact]
    public async Task Install_ThirdBundle_KeepsBlobsOfTwo()
    {
        await _rig.InstallAsync(First);
        await _rig.InstallAsync(Second);
        await _rig.InstallAsync(new TestBundle { Version = 3 });

        Assert.DoesNotContain(_rig.Disk.Paths, p => p.EndsWith(First.Sha256, StringComparison.Ordinal));
        Assert.Equal(2, _rig.Disk.List($"{Rig.Root}/blobs").Count);
    }

    [Fact]
    public async Task Install_FailingSelfTest_OldServesAndBundleIsNeverTriedAgain()
    {
        await _rig.InstallAsync(First);
        _rig.SelfTest.Run = (_, _) => throw FakeSelfTest.Failure();

        var result = await _rig.InstallAsync(Second);

        Assert.Equal((DeviceEventKind.Rejected, (int?)ErrorCode.SelfTestFailed), (result.Kind, result.ErrorCode));
        _rig.RequireServing(First);
        _rig.SelfTest.Run = (_, _) => { };
        _rig.Want(_rig.Hub.Desired!.Bundle);
        await _rig.StepAsync();
        Assert.Equal((int)ErrorCode.Quarantined, _rig.Last.ErrorCode);
        Assert.Equal(DeviceEventKind.Installed, (await _rig.InstallAsync(new TestBundle { Version = 3 })).Kind);
    }

    [Fact]
    public async Task Install_FailingTrialOfFirstBundle_ServesNothing()
    {
        _rig.SelfTest.Run = (run, _) => FailOn(run == 2);

        var result = await _rig.InstallAsync(First);

        Assert.Equal(DeviceEventKind.RolledBack, result.Kind);
        Assert.Null(_rig.Running.Current);
    }

    [Fact]
    public async Task Install_SelfTestThatKillsTheDeviceEachTime_IsGivenUp()
    {
        await _rig.InstallAsync(First);
        _rig.SelfTest.Run = (_, _) => throw new PowerCutException();
        _rig.Want(Second);
        var kills = 0;
        while (kills < 20 && await DiesAsync())
        {
            kills++;
            _rig.Boot();
        }

        Assert.Equal(3, kills);
        Assert.Equal((int)ErrorCode.SelfTestFailed, _rig.Last.ErrorCode);
        _rig.RequireServing(First);
    }

    [Fact]
    public async Task Install_TrialThatKillsTheDeviceEachTime_IsRolledBack()
    {
        await _rig.InstallAsync(First);
        _rig.SelfTest.Models.Clear();
        _rig.SelfTest.Run = (run, _) =>
        {
            if (run > 1)
            {
                throw new PowerCutException();
            }
        };
        _rig.Want(Second);
        var kills = 0;
        while (kills < 20 && await DiesAsync())
        {
            kills++;
            _rig.Boot();
        }

        Assert.Equal(3, kills);
        Assert.Contains(_rig.Events, e => e.Kind == DeviceEventKind.RolledBack);
        _rig.RequireServing(First);
    }

    [Fact]
    public async Task Install_SelfTestProcessThatCannotStart_DoesNotCountAgainstTheModel()
    {
        await _rig.InstallAsync(First);
        _rig.SelfTest.Run = (_, _) => throw new DeviceException(ErrorCode.MeasurementFailed, "No such program.");
        _rig.Want(Second);
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<DeviceException>(_rig.StepAsync);
        }

        _rig.SelfTest.Run = (_, _) => { };
        await _rig.StepAsync();
        _rig.RequireServing(Second);
    }

    [Fact]
    public async Task Install_NotEnoughSpace_IsRefusedBeforeDownload()
    {
        await _rig.InstallAsync(First);
        _rig.Disk.Free = 8 * 1024 * 1024 + 1000;

        var result = await _rig.InstallAsync(Second);

        Assert.Equal((int)ErrorCode.DeviceDiskFull, result.ErrorCode);
        Assert.Equal(1, _rig.Hub.Count("GET /v1/blobs"));
        _rig.RequireServing(First);
    }

    [Fact]
    public async Task Install_DiskFullWhileDownloading_IsRefusedAndLeavesNothing()
    {
        await _rig.InstallAsync(First);
        (_rig.Disk.ClaimedFree, _rig.Disk.Free) = (1L << 30, 100_000);
        _rig.Want(Second);
        // The partial file is deleted, but this disk does not give the space back: reporting fails as well.
        await Assert.ThrowsAsync<IOException>(_rig.StepAsync);
        _rig.Disk.Free = 50_000;

        await Assert.ThrowsAnyAsync<Exception>(_rig.StepAsync);
        _rig.Disk.Free = 1 << 20;
        await _rig.StepAsync();

        Assert.Empty(_rig.Disk.List($"{Rig.Root}/incoming"));
        _rig.RequireServing(Second);
    }

    [Fact]
    public async Task Install_ClockBehindTimeFloor_HoldsExpiryAgainstFloor()
    {
        await _rig.InstallAsync(First with { CreatedAt = Rig.Start.AddDays(30), ExpiresAt = Rig.Start.AddDays(60) });
        _rig.Boot();

        var result = await _rig.InstallAsync(Second with { ExpiresAt = Rig.Start.AddDays(20) });

        Assert.Equal((int)ErrorCode.ExpiredBundle, result.ErrorCode);
    }

    private static void FailOn(bool condition)
    {
        if (condition)
        {
            throw FakeSelfTest.Failure();
        }
    }

    private async Task<bool> DiesAsync()
    {
        try
        {
            await _rig.StepAsync();
            return false;
        }
        catch (PowerCutException)
        {
            return true;
        }
    }

    private async Task RequireRefusedAsync(SignedManifest signed, ErrorCode code)
    {
        await _rig.InstallAsync(First);
        var downloads = _rig.Hub.Count("GET /v1/blobs");
        _rig.Want(signed);

        await _rig.StepAsync();

        Assert.Equal((DeviceEventKind.Rejected, (int?)code), (_rig.Last.Kind, _rig.Last.ErrorCode));
        Assert.Contains($"EP{(int)code}", _rig.Last.Message, StringComparison.Ordinal);
        Assert.Equal(downloads, _rig.Hub.Count("GET /v1/blobs"));
        _rig.RequireServing(First);
    }
}
