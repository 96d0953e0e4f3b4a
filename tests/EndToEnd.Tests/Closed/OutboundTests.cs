using System.Text.Json;
using EdgePrune.Cli;
using EdgePrune.Host;

namespace EndToEnd.Tests;

/// <summary>Tool, hub and agent where only the loopback is: they try to reach nobody but the hub.</summary>
public sealed class OutboundTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Quickstart_WhereOnlyTheLoopbackIs_EnrolsInstallsAndProfiles_AndTriesNothingElse()
    {
        await RequireNamespacesAsync();
        string[] briefly = ["--max-runs", "2", "--precision", "float32", "--window", "20ms", "--min-runs", "20", "--max-warmup", "300ms"];

        var run = await ClosedNetwork.RunAsync(_folder, ["dotnet", Path.Combine(AppContext.BaseDirectory, "edgeprune.dll"), "quickstart", "--out", _folder["out"], .. briefly, "--json"]);

        // A busy machine makes runs invalid, which is a verdict too; anything else is not.
        Assert.True(run.Code is ExitCodes.Done or ExitCodes.Infeasible, run.Error);
        Assert.NotNull(JsonSerializer.Deserialize(run.Out, HostJson.Default.TuningReport)!.Original.Profile);
        Assert.True(run.LocalConnections > 0, "Nothing was counted although the agent speaks with its hub.");
        Assert.Equal(0, run.OutboundAttempts);
    }

    [Theory]
    [InlineData("echo > /dev/tcp/192.0.2.1/443")]
    [InlineData("echo > /dev/udp/192.0.2.1/53")]
    [InlineData("echo > /dev/udp/127.0.0.1/53")]
    [InlineData("getent hosts hub.example.org")]
    public async Task OneAttempt_WhereOnlyTheLoopbackIs_IsCounted(string attempt)
    {
        await RequireNamespacesAsync();

        var run = await ClosedNetwork.RunAsync(_folder, "bash", "-c", attempt);

        Assert.True(run.OutboundAttempts > 0, "An attempt to get out was not counted, so that counting proves nothing.");
    }

    public void Dispose() => _folder.Dispose();

    private async Task RequireNamespacesAsync()
    {
        var refusal = await ClosedNetwork.RefusalAsync(_folder);
        Assert.SkipWhen(refusal is not null, refusal ?? "");
    }
}
