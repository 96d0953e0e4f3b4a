using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli.Tests;

public sealed class DevicePlaceTests
{
    [Fact]
    public async Task Run_OnADeviceThatRunsTheSecondModel_MeasuresItAndRefusesTheFirst()
    {
        using var setup = new BenchSetup();
        using var hub = new OneDeviceHub(await ReportAsync(setup, setup.Models[1].Sha256));

        var report = await RunAsync(setup, hub);

        Assert.All(report.Rows.Where(r => r.Model == "small.onnx"), r => Assert.NotNull(r.Report));
        Assert.All(report.Rows.Where(r => r.Model == "big.onnx"), r => Assert.Contains("runs another model", r.Error, StringComparison.Ordinal));
        Assert.InRange(hub.Orders, 2, 3);
        Assert.Equal(1, hub.Lists);
        Assert.Equal(2, setup.Cells.Length);
    }

    [Fact]
    public async Task Run_OnADeviceASecondTime_OrdersNothingThatIsKept()
    {
        using var setup = new BenchSetup();
        var measured = await ReportAsync(setup, setup.Models[1].Sha256);
        using var first = new OneDeviceHub(measured);
        using var second = new OneDeviceHub(measured);

        await RunAsync(setup, first);
        var report = await RunAsync(setup, second);

        // One order finds out that the other model still runs; then that model's cells are refused without one.
        Assert.Equal(1, second.Orders);
        Assert.Equal(2, report.Rows.Count(r => r.Report is not null));
    }

    [Fact]
    public async Task Run_OnADeviceThatFails_SaysItsReason()
    {
        using var setup = new BenchSetup();
        using var hub = new OneDeviceHub(report: null);

        var report = await RunAsync(setup, hub);

        Assert.All(report.Rows, r => Assert.Contains("The board is asleep.", r.Error, StringComparison.Ordinal));
        Assert.Empty(setup.Cells);
    }

    [Fact]
    public async Task Run_OnAnUnknownDevice_SaysSoAndMeasuresNothing()
    {
        using var setup = new BenchSetup();
        using var hub = new OneDeviceHub(report: null);

        var report = await RunAsync(setup, hub, device: "attic");

        Assert.All(report.Rows, r => Assert.Equal((int)ErrorCode.UnknownDevice, r.ErrorCode));
        Assert.Equal((0, 1), (hub.Orders, hub.Lists));
    }

    private static async Task<ProfileReport> ReportAsync(BenchSetup setup, string sha256) =>
        await new CountingProfiler().ProfileAsync("small.onnx", setup.Settings[0], TestContext.Current.CancellationToken) with { ModelSha256 = sha256 };

    private static Task<BenchReport> RunAsync(BenchSetup setup, OneDeviceHub handler, string device = "board")
    {
        var hub = new HubOperator(new Uri("http://127.0.0.1:1"), "token", handler);
        return setup.RunAsync(new DevicePlace(hub, new BenchDevice(hub, device), TimeProvider.System, TimeSpan.FromSeconds(10)));
    }
}
