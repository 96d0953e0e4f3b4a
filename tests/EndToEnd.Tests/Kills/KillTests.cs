using System.Diagnostics;
using System.Globalization;
using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.TestKit;

namespace EndToEnd.Tests;

/// <summary>
/// The real agent, as it is built here and as the native program that is shipped, killed with SIGKILL at random moments while it installs. The
/// power cuts of EdgePrune.Device.Tests fall between two writes; these fall anywhere, and on a real disk.
/// </summary>
public sealed class KillTests
{
    private const int Seed = 20;
    private const int KillsBetweenUpdates = 25;

    private static int Kills => LongSuite.IsOn ? 500 : 10;

    private static AgentProgram BuiltAgent => AgentProgram.Find(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);

    [Fact]
    public Task BuiltAgent_KilledAtRandomMoments_AlwaysServesASignedModel_AndFinishesTheUpdate() => KillAsync(BuiltAgent);

    [Fact]
    public Task NativeAgent_KilledAtRandomMoments_AlwaysServesASignedModel_AndFinishesTheUpdate() => KillAsync(NativeAgent.Require());

    [Fact]
    public async Task RequireServed_ModelWithALostBit_Fails()
    {
        await using var rig = await KillRig.StartAsync(BuiltAgent, TestContext.Current.CancellationToken);
        await FirstInstallAsync(rig, TestContext.Current.CancellationToken);
        await rig.KillAsync(withChildren: true);
        rig.Disk.RequireServed();

        rig.Disk.LoseABit();

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => rig.Disk.RequireServed());
    }

    private static async Task KillAsync(AgentProgram program)
    {
        var stop = TestContext.Current.CancellationToken;
        Random random = new(Seed);
        await using var rig = await KillRig.StartAsync(program, stop);
        var longest = await FirstInstallAsync(rig, stop);
        var clock = Stopwatch.StartNew();
        HashSet<long> served = [];
        var last = rig.Newest;
        for (var kill = 1; kill <= Kills; kill++)
        {
            if (random.Next(2) == 0 || kill == 1)
            {
                await rig.PushNextAsync(stop);
            }

            await Task.Delay(longest * random.NextDouble(), TimeProvider.System, stop);
            await rig.KillAsync(withChildren: random.Next(2) == 0);
            last = await RequireServedAsync(rig, last, kill, stop);
            served.Add(last);
            rig.StartAgent();
            if (kill % KillsBetweenUpdates == 0 || kill == Kills)
            {
                await rig.InstallNextAsync(stop);
                Say($"killed {kill} of {Kills} times, seed {Seed}, {served.Count} versions served at a kill, {clock.Elapsed.TotalSeconds:f0} s");
            }
        }

        await rig.KillAsync(withChildren: true);
        Assert.Equal(rig.Newest, rig.Disk.RequireServed().Version);
        await rig.ForgetKilledAsync();
        await RequireOnlyInterruptionsAsync(rig, stop);
        Assert.True(served.Count > Kills / KillsBetweenUpdates, "No update was finished between kills, so that few kills came after a swap: the delays are too short.");
    }

    // How long a start with an installation takes here, and a little more: the kills are spread over it.
    private static async Task<TimeSpan> FirstInstallAsync(KillRig rig, CancellationToken stop)
    {
        rig.StartAgent();
        while (await rig.InfoAsync(stop) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
        }

        await rig.InstallNextAsync(stop);
        await rig.KillAsync(withChildren: true);
        var clock = Stopwatch.StartNew();
        rig.StartAgent();
        await rig.InstallNextAsync(stop);
        var longest = clock.Elapsed * 1.2;
        Say($"{rig.Program} is killed within {longest.TotalMilliseconds:f0} ms, seed {Seed}");
        return longest;
    }

    private static async Task<long> RequireServedAsync(KillRig rig, long last, int kill, CancellationToken stop)
    {
        try
        {
            var (identity, version) = rig.Disk.RequireServed();
            Assert.True(rig.IsSigned(identity), "The bundle that serves is none that was signed.");
            Assert.InRange(version, last, rig.Newest);
            Assert.True(rig.IsSigned((await rig.InfoAsync(stop))!.RunningBundle!), "The bundle reported as running is none that was signed.");
            return version;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Kill {kill} of seed {Seed} left a device that does not serve."), e);
        }
    }

    // A bundle whose tests were cut off three times is given up, as docs/device-protocol.md says; nothing else may be refused.
    private static async Task RequireOnlyInterruptionsAsync(KillRig rig, CancellationToken stop)
    {
        List<DeviceEvent> events = [];
        while (await rig.Operator.WaitForEventsAsync(KillRig.Device, events.LastOrDefault()?.Sequence ?? 0, TimeSpan.Zero, stop) is { Events: { Count: > 0 } page })
        {
            events.AddRange(page);
        }

        var refused = events.Where(e => e.Kind != DeviceEventKind.Installed).ToList();
        Assert.All(refused, e => Assert.Contains("was interrupted 3 times", e.Message, StringComparison.Ordinal));
        Say($"{events.Count - refused.Count} installed, {refused.Count} given up after three interruptions");
    }

    private static void Say(FormattableString line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        if (LongSuite.IsOn)
        {
            LongSuite.Progress(line);
        }
    }
}
