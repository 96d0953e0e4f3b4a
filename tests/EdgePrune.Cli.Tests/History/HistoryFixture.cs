using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli.Tests;

/// <summary>A history of this machine with measurements that a synthetic device made.</summary>
internal sealed class HistoryFixture : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public WorkFolder Work { get; } = new();

    public string Folder => Work["history"];

    /// <summary>A report, its times multiplied.</summary>
    public static async Task<ProfileReport> ReportAsync(int minute, double factor = 1, string? governor = null)
    {
        var report = await new CountingProfiler().ProfileAsync("small.onnx", BenchRules.Default.Settings(TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken);
        var p50 = report.Latency.P50;
        return report with
        {
            StartedAt = Start.AddMinutes(minute),
            ModelSha256 = new string('a', 64),
            Latency = report.Latency with { P50 = new BoundedTime(p50.Estimate * factor, p50.Lower * factor, p50.Upper * factor) },
            Conditions = governor is null ? report.Conditions : report.Conditions with { Governor = governor, Fingerprint = new string('f', 64) },
            Verdict = new RunVerdict(RunValidity.Valid, []),
        };
    }

    /// <summary>Keeps a report.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> KeepAsync(ProfileReport report, string model = "small.onnx")
    {
        await using var history = LocalHistory.Open(Folder, TimeProvider.System);
        return (await history.KeepAsync(model, report, 100, TestContext.Current.CancellationToken)).Id;
    }

    /// <summary>Runs <c>history</c> over the folder.</summary>
    public async Task<(int Code, RunningTool Tool)> RunAsync(params string[] words)
    {
        var tool = new RunningTool();
        return (await tool.RunAsync(["history", .. words, "--history", Folder]), tool);
    }

    public void Dispose() => Work.Dispose();
}
