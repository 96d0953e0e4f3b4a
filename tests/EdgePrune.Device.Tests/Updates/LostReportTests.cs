using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

/// <summary>
/// A bundle that was confirmed and whose report was cut off: once the hub wanted something else, it never heard that the bundle
/// serves, and its <c>RunningBundle</c> stayed one behind.
/// </summary>
public sealed class LostReportTests
{
    private static readonly TestBundle Old = new() { Version = 1 };
    private static readonly TestBundle New = new() { Version = 2 };

    [Theory]
    [InlineData(CutKind.ProcessKilled)]
    [InlineData(CutKind.OnlyFlushed)]
    [InlineData(CutKind.NamesWithoutBytes)]
    public async Task Installed_ReportCutOffAndThenOnlyAMeasurementWanted_IsReportedAllTheSame(CutKind kind)
    {
        for (var cut = 1; ; cut++)
        {
            using var rig = new Rig();
            await rig.InstallAsync(Old);
            rig.Want(New);
            rig.Disk.CutAfter = cut;
            if (!await IsCutAsync(rig))
            {
                Assert.True(cut > 40, $"{cut} cuts");
                return;
            }

            rig.Disk.Restart(kind);
            rig.Boot();
            rig.Want(bundle: null, order: "order-2");
            while (await rig.StepAsync())
            {
                // Until the hub has no news for the device.
            }

            Assert.True(TheHubsView(rig) == rig.Running.Current!.Identity, $"After cut {cut} version {rig.Running.Current.Version} serves, and the hub does not know.");
            Assert.Equal(rig.Events.Count, rig.Events.DistinctBy(e => (e.Kind, e.Revision, e.Bundle)).Count());
            Assert.Empty(rig.Hub.Conflicts);
        }
    }

    [Fact]
    public async Task FallBack_ToTheOldBundleWhileTheHubWantsNothingElse_IsReported()
    {
        using var rig = new Rig();
        await rig.InstallAsync(Old);
        await rig.InstallAsync(New);
        rig.Want(bundle: null, order: "order-1");
        await rig.StepAsync();
        rig.Disk.Damage($"{Rig.Root}/blobs/{New.Sha256}");
        rig.Boot();

        await rig.StepAsync();

        rig.RequireServing(Old);
        Assert.Equal(rig.Running.Current!.Identity, TheHubsView(rig));
    }

    [Fact]
    public async Task EnrolAgain_WithAModel_ReportsWhatServes()
    {
        using var rig = new Rig();
        await rig.InstallAsync(Old);
        var before = rig.Last.Sequence;
        rig.Want(bundle: null, order: "order-1");
        rig.Options = rig.Options with { EnrollAgain = true };
        rig.Boot();

        await rig.StepAsync();

        Assert.Single(rig.Events, e => e.Sequence > before && e.Kind == DeviceEventKind.Installed && e.Bundle == rig.Running.Current!.Identity);
    }

    [Fact]
    public async Task Installed_ItsFileDamagedBeforeItWasSent_IsReportedAgain()
    {
        using var rig = new Rig();
        rig.Hub.Intercept = r => r.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal) ? throw new HttpRequestException("reset") : null;
        rig.Want(New);
        await Assert.ThrowsAsync<HubUnavailableException>(rig.StepAsync);
        rig.Disk.Damage($"{Rig.Root}/outbox/1.json");
        rig.Hub.Intercept = _ => null;
        rig.Want(bundle: null, order: "order-2");

        while (await rig.StepAsync())
        {
            // Until the hub has no news for the device.
        }

        await rig.StepAsync();
        Assert.Equal(rig.Running.Current!.Identity, TheHubsView(rig));
    }

    [Fact]
    public async Task Installed_ThatTheHubRefuses_IsNotReportedForEver()
    {
        using var rig = new Rig();
        rig.Hub.Intercept = r => r.RequestUri!.AbsolutePath.EndsWith("/events", StringComparison.Ordinal) ? FakeHub.Error(System.Net.HttpStatusCode.BadRequest, ErrorCode.ProtocolViolation, "no") : null;
        await rig.StepAsync();
        rig.Want(New);
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await rig.StepAsync();
        }

        Assert.Single(rig.Disk.List($"{Rig.Root}/refused"));
    }

    // As EventTable of the hub keeps it; see docs/specs/hub-api.md, 4.4.
    private static string? TheHubsView(Rig rig)
    {
        var (running, previous) = ((string?)null, (string?)null);
        foreach (var happened in rig.Events)
        {
            (running, previous) = happened.Kind switch
            {
                DeviceEventKind.Installed when running != happened.Bundle => (happened.Bundle, running),
                DeviceEventKind.RolledBack when running == happened.Bundle => (previous, null),
                _ => (running, previous),
            };
        }

        return running;
    }

    private static async Task<bool> IsCutAsync(Rig rig)
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
}
