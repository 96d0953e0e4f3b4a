namespace EdgePrune.Contracts;

/// <summary>What a list tells of a kept measurement; its report is fetched by the id.</summary>
public sealed record RunSummary
{
    /// <summary>Digits of an id.</summary>
    public const int IdLength = 32;

    /// <summary>Its id: 32 lower-case hexadecimal digits, from the device and the report, so that one measurement is kept once.</summary>
    public required string Id { get; init; }
    /// <summary>Id of the device that measured.</summary>
    public required string DeviceId { get; init; }
    /// <summary>Name of the device.</summary>
    public required string Device { get; init; }
    /// <summary>When the measurement started, by the device's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it was kept, by the keeper's clock.</summary>
    public required DateTimeOffset KeptAt { get; init; }
    /// <summary>Name of the model line or of the file, or null when it is not known.</summary>
    public string? ModelName { get; init; }
    /// <summary>Lower-case hexadecimal SHA-256 of the model file.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>SHA-256 of the manifest payload of the bundle that was measured, or null.</summary>
    public string? Bundle { get; init; }
    /// <summary>How it was measured.</summary>
    public required ProfileSettings Settings { get; init; }
    /// <summary>Fingerprint of machine, system, runtime and settings.</summary>
    public required string Fingerprint { get; init; }
    /// <summary>Median latency.</summary>
    public required BoundedTime P50 { get; init; }
    /// <summary>95th percentile, or null when there were too few runs for it.</summary>
    public BoundedTime? P95 { get; init; }
    /// <summary>Whether the numbers can be trusted.</summary>
    public required RunValidity Validity { get; init; }
}

/// <summary>A kept measurement: <c>GET /v1/runs/{id}</c>.</summary>
/// <param name="Summary">What a list tells of it.</param>
/// <param name="Report">All that was measured.</param>
public sealed record MeasuredRun(RunSummary Summary, ProfileReport Report);

/// <summary>A page of kept measurements: <c>GET /v1/runs?device=&amp;model=&amp;id=&amp;before=&amp;count=</c>.</summary>
/// <param name="Runs">The newest first.</param>
/// <param name="Before">Give it as <c>before</c> for the next page; null when this is the last.</param>
public sealed record RunPage(IReadOnlyList<RunSummary> Runs, long? Before = null);

/// <summary>Which kept measurements are asked for; what is null does not restrict.</summary>
public sealed record RunFilter
{
    /// <summary>Name or id of a device.</summary>
    public string? Device { get; init; }
    /// <summary>Lower-case hexadecimal SHA-256 of a model file.</summary>
    public string? ModelSha256 { get; init; }
    /// <summary>First digits of an id.</summary>
    public string? IdStart { get; init; }
}
