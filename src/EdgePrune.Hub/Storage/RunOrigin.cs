using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>Where a measurement comes from.</summary>
/// <param name="DeviceId">Id of the device.</param>
/// <param name="Device">Its name.</param>
/// <param name="ModelName">What the model is called, or null.</param>
/// <param name="Bundle">Identity of the bundle that was measured, or null.</param>
/// <param name="KeptAt">When it came.</param>
internal sealed record RunOrigin(string DeviceId, string Device, string? ModelName, string? Bundle, DateTimeOffset KeptAt)
{
    /// <summary>What lists tell of its report.</summary>
    public RunSummary Summarize(string id, ProfileReport report) => new()
    {
        Id = id,
        DeviceId = DeviceId,
        Device = Device,
        StartedAt = report.StartedAt,
        KeptAt = KeptAt,
        ModelName = ModelName,
        ModelSha256 = report.ModelSha256,
        Bundle = Bundle,
        Settings = report.Settings,
        Fingerprint = report.Conditions.Fingerprint,
        P50 = report.Latency.P50,
        P95 = report.Latency.P95,
        Validity = report.Verdict.Validity,
    };
}
