using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Arm64.Tests;

/// <summary>The agent for linux-arm64 against a real hub, on each core that boards have. Behaviour only: nothing is timed.</summary>
public sealed class AgentTests
{
    private static readonly ProfileSettings Briefly = new() { Window = TimeSpan.FromMilliseconds(20), MinRunsPerWindow = 10, MaxWarmup = TimeSpan.FromMilliseconds(300) };

    [Theory]
    [InlineData("cortex-a53")]
    [InlineData("cortex-a72")]
    [InlineData("cortex-a76")]
    public async Task Agent_OnACore_EnrolsInstallsInfersProfilesAndReports(string core)
    {
        Emulator.Require();
        await using var fleet = await Fleet.StartAsync();
        await using var agent = fleet.StartAgent(core);
        await agent.SeeAsync("Enrolled at");

        var (original, first) = await fleet.PushAsync(Digits.Float);
        var installed = Assert.Single(await fleet.EventsUntilAsync(first, DeviceEventKind.Installed));
        var (small, second) = await fleet.PushAsync(Digits.Int8, new ProfileOrder("order-1", Briefly));
        var events = await fleet.EventsUntilAsync(second, DeviceEventKind.Profiled);

        Assert.Equal(ManifestSignatures.Identity(original.Manifest), installed.Bundle);
        Assert.Equal([DeviceEventKind.Installed, DeviceEventKind.Profiled], events.Select(e => e.Kind));
        Assert.Equal(ManifestSignatures.Identity(small.Manifest), await fleet.RunningBundleAsync());
        AssertMeasured(events[1].Profile!, small);
        Assert.Equal(Digits.Int8, await File.ReadAllBytesAsync(fleet.InstalledModel(small), TestContext.Current.CancellationToken));
        var digit = Digits.Inputs.AsMemory(0, Digits.Inputs.Length / Digits.Count);
        Assert.Equal(Digits.Classes, MemoryMarshal.Cast<byte, float>(await Emulator.InferAsync(core, fleet.InstalledModel(small), digit)).Length);
        // A processor that the process may not use is no error: ONNX Runtime pins threads unless it is told how many.
        Assert.DoesNotContain("pthread_setaffinity_np", agent.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cortex-a53")]
    [InlineData("cortex-a72")]
    [InlineData("cortex-a76")]
    public async Task Agent_KilledInTheMiddleOfAnInstall_ComesBackAndFinishes(string core)
    {
        Emulator.Require();
        await using var fleet = await Fleet.StartAsync();
        string[] stalled = ["/bin/sh", fleet.Save("stall.sh", "echo self-test begins >&2\nexec sleep 600\n")];
        long revision;
        string identity;
        await using (var agent = fleet.StartAgent(core, stalled))
        {
            await agent.SeeAsync("Enrolled at");
            (var bundle, revision) = await fleet.PushAsync(Digits.Int8);
            identity = ManifestSignatures.Identity(bundle.Manifest);
            await agent.SeeAsync("self-test begins");
        }

        Assert.Null(await fleet.RunningBundleAsync());
        await using var again = fleet.StartAgent(core);
        var happened = Assert.Single(await fleet.EventsUntilAsync(revision, DeviceEventKind.Installed));

        Assert.Equal(identity, happened.Bundle);
        Assert.Equal(identity, await fleet.RunningBundleAsync());
    }

    private static void AssertMeasured(ProfileReport report, BundleFile bundle)
    {
        var manifest = ManifestSignatures.Parse(bundle.Manifest.Payload);
        Assert.Equal(manifest.Blobs.Single(b => b.Role == BlobEntry.Model).Sha256, report.ModelSha256);
        Assert.NotEmpty(report.Operators);
    }
}
