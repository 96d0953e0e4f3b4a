using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

/// <summary>
/// Cuts the power at every changing operation of an update, one run each, in three ways of losing what was not
/// flushed. After each cut the device must serve a whole model that is allowed to serve, and must finish.
/// </summary>
public sealed class PowerCutTests
{
    private static readonly TestBundle Old = new() { Version = 1 };
    private static readonly TestBundle New = new() { Version = 2 };

    [Theory]
    [InlineData(CutKind.ProcessKilled)]
    [InlineData(CutKind.OnlyFlushed)]
    [InlineData(CutKind.NamesWithoutBytes)]
    public async Task Update_CutAtAnyStep_ServesOldOrNewAndFinishes(CutKind kind)
    {
        var cuts = 0;
        while (await CutAsync(kind, ++cuts, [Old.Version, New.Version], _ => { }) is { } rig)
        {
            rig.RequireServing(New);
            RequireOnce(rig, DeviceEventKind.Installed, New);
            RequireOnce(rig, DeviceEventKind.Profiled, New);
            Assert.DoesNotContain(rig.Events, e => e.Kind is DeviceEventKind.Rejected or DeviceEventKind.RolledBack);
        }

        // Downloading, staging, testing, swapping, confirming and reporting are that many changes at least.
        Assert.InRange(cuts, 60, 200);
    }

    [Theory]
    [InlineData(CutKind.ProcessKilled)]
    [InlineData(CutKind.OnlyFlushed)]
    [InlineData(CutKind.NamesWithoutBytes)]
    public async Task Update_ThatFailsItsSelfTestCutAtAnyStep_ServesOldAndIsQuarantined(CutKind kind)
    {
        var cuts = 0;
        while (await CutAsync(kind, ++cuts, [Old.Version], t => t.Run = (_, model) => FailNew(model)) is { } rig)
        {
            rig.RequireServing(Old);
            var rejected = Assert.Single(rig.Events, e => e.Kind == DeviceEventKind.Rejected);
            Assert.Equal((int)ErrorCode.SelfTestFailed, rejected.ErrorCode);
            Assert.Single(rig.Events, e => e.Kind == DeviceEventKind.ProfileFailed);
            rig.Want(New);
            await rig.StepAsync();
            Assert.Equal((int)ErrorCode.Quarantined, rig.Last.ErrorCode);
        }

        Assert.True(cuts > 30, $"{cuts} cuts");
    }

    [Theory]
    [InlineData(CutKind.ProcessKilled)]
    [InlineData(CutKind.OnlyFlushed)]
    [InlineData(CutKind.NamesWithoutBytes)]
    public async Task Update_ThatFailsItsTrialCutAtAnyStep_RollsBackOnce(CutKind kind)
    {
        var cuts = 0;
        while (await CutAsync(kind, ++cuts, [Old.Version], FailSecondRunOfNew) is { } rig)
        {
            rig.RequireServing(Old);
            // A cut between the passed self-test and the swap repeats the self-test, which then is the one that fails.
            var failed = Assert.Single(rig.Events, e => e.Kind is DeviceEventKind.RolledBack or DeviceEventKind.Rejected);
            Assert.Equal((int)ErrorCode.SelfTestFailed, failed.ErrorCode);
            rig.SelfTest.Run = (_, _) => { };
            Assert.Equal(DeviceEventKind.Installed, (await rig.InstallAsync(New with { Version = 3 })).Kind);
        }

        Assert.True(cuts > 40, $"{cuts} cuts");
    }

    [Theory]
    [InlineData(CutKind.ProcessKilled)]
    [InlineData(CutKind.OnlyFlushed)]
    [InlineData(CutKind.NamesWithoutBytes)]
    public async Task FirstStart_CutAtAnyStep_EnrolsInstallsAndReportsOnce(CutKind kind)
    {
        for (var cut = 1; ; cut++)
        {
            using var rig = new Rig();
            rig.Want(New);
            rig.Disk.CutAfter = cut;
            if (!await RunUntilCutAsync(rig))
            {
                Assert.True(cut > 30, $"{cut} cuts");
                return;
            }

            rig.Disk.Restart(kind);
            rig.Boot();
            await FinishAsync(rig);
            rig.RequireServing(New);
            RequireOnce(rig, DeviceEventKind.Installed, New);
        }
    }

    /// <summary>One run; null when the update ended before the cut.</summary>
    private static async Task<Rig?> CutAsync(CutKind kind, int cut, long[] allowed, Action<FakeSelfTest> script)
    {
        var rig = new Rig();
        await rig.InstallAsync(Old);
        rig.SelfTest.Models.Clear();
        script(rig.SelfTest);
        rig.Want(New, order: "order-1");
        rig.Disk.CutAfter = cut;
        if (!await RunUntilCutAsync(rig))
        {
            rig.Dispose();
            return null;
        }

        rig.Disk.Restart(kind);
        rig.Hub.IsOffline = true;
        rig.Boot();
        await Assert.ThrowsAsync<HubUnavailableException>(rig.StepAsync);
        Assert.Contains(rig.Running.Current!.Version, allowed);
        rig.RequireServing(rig.Running.Current!.Version == Old.Version ? Old : New);

        rig.Hub.IsOffline = false;
        await FinishAsync(rig);
        Assert.Empty(rig.Hub.Conflicts);
        Assert.DoesNotContain(rig.Disk.Paths, p => p.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.Empty(rig.Disk.List($"{Rig.Root}/outbox"));
        return rig;
    }

    private static async Task<bool> RunUntilCutAsync(Rig rig)
    {
        try
        {
            await rig.StepAsync();
            return false;
        }
        catch (PowerCutException)
        {
            return true;
        }
    }

    private static async Task FinishAsync(Rig rig)
    {
        while (await rig.StepAsync())
        {
            // Until the hub has no news for the device.
        }
    }

    private static void RequireOnce(Rig rig, DeviceEventKind kind, TestBundle bundle)
    {
        var identity = ManifestSignatures.Identity(rig.Hub.Desired!.Bundle!);
        var found = Assert.Single(rig.Events, e => e.Kind == kind && e.Revision == rig.Hub.Desired.Revision);
        Assert.Equal(identity, found.Bundle);
        Assert.Equal(bundle.Version, ManifestSignatures.Parse(rig.Hub.Desired.Bundle!.Payload).Version);
    }

    private static void FailNew(string model)
    {
        if (model.EndsWith(New.Sha256, StringComparison.Ordinal))
        {
            throw FakeSelfTest.Failure();
        }
    }

    private static void FailSecondRunOfNew(FakeSelfTest test) => test.Run = (_, model) =>
    {
        if (test.Models.Count(m => m.EndsWith(New.Sha256, StringComparison.Ordinal)) > 1)
        {
            FailNew(model);
        }
    };
}
