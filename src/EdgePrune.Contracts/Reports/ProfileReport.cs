using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>What was measured of one model on one device, with bounds, conditions and a verdict on the run itself.</summary>
public sealed record ProfileReport
{
    /// <summary>Lower-case hexadecimal SHA-256 of the model file.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>Size of the model file.</summary>
    [JsonPropertyName("fileBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize FileSize { get; init; }
    /// <summary>How it was measured.</summary>
    public required ProfileSettings Settings { get; init; }
    /// <summary>When the run started, by the device's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Times of the first start: a fresh process, nothing warm.</summary>
    public required ColdStart Cold { get; init; }
    /// <summary>How warm-up went.</summary>
    public required WarmupResult Warmup { get; init; }
    /// <summary>Warm latency over all windows.</summary>
    public required LatencyStatistics Latency { get; init; }
    /// <summary>Warm latency of each window, in order.</summary>
    public required IReadOnlyList<WindowStatistics> Windows { get; init; }
    /// <summary>Memory of the measuring process.</summary>
    public required MemoryUse Memory { get; init; }
    /// <summary>Peaks of the memory that were predicted before the run, first that of the machine that measured; empty when none was.</summary>
    public IReadOnlyList<MemoryPrediction> PredictedMemory { get; set; } = [];
    /// <summary>Inferences in a second from several callers, or null when it was not asked for.</summary>
    public Throughput? Throughput { get; init; }
    /// <summary>Managed bytes allocated for each inference, mean over the windows; 0 when the harness adds nothing.</summary>
    public required double ManagedBytesPerRun { get; init; }
    /// <summary>Energy, or null when there is no source.</summary>
    public EnergyUse? Energy { get; init; }
    /// <summary>Time of each operator, from a separate pass; empty when it was not asked for.</summary>
    public IReadOnlyList<OperatorTime> Operators { get; set; } = [];
    /// <summary>The operator during which most activations live, or null when it is not known.</summary>
    public OperatorPeak? OperatorPeak { get; init; }
    /// <summary>What the device was like while measuring.</summary>
    public required RunConditions Conditions { get; init; }
    /// <summary>Whether the numbers can be trusted, and why not.</summary>
    public required RunVerdict Verdict { get; init; }
}

/// <summary>A percentile with its confidence bounds, from order statistics (distribution-free).</summary>
/// <param name="Estimate">The sample percentile.</param>
/// <param name="Lower">Lower confidence bound, or null when the number of runs cannot support one.</param>
/// <param name="Upper">Upper confidence bound, or null when the number of runs cannot support one.</param>
public sealed record BoundedTime(
    [property: JsonPropertyName("estimateUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan Estimate,
    [property: JsonPropertyName("lowerUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan? Lower = null,
    [property: JsonPropertyName("upperUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan? Upper = null);

/// <summary>Warm latency.</summary>
public sealed record LatencyStatistics
{
    /// <summary>Number of inferences.</summary>
    public required long Count { get; init; }
    /// <summary>How-manieth inferences the percentiles rest on, evenly over the windows, where there were too many to keep all; null for all of them.</summary>
    public int? EveryNth { get; init; }
    /// <summary>Time of all inferences together, finer than number times mean for a fast model; null in reports that do not tell it.</summary>
    [JsonPropertyName("totalUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan? Total { get; init; }
    /// <summary>Number of independent inferences that would tell as much, after autocorrelation.</summary>
    public required double EffectiveCount { get; init; }
    /// <summary>Fastest inference.</summary>
    [JsonPropertyName("minUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public required TimeSpan Min { get; init; }
    /// <summary>Mean.</summary>
    [JsonPropertyName("meanUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public required TimeSpan Mean { get; init; }
    /// <summary>Median.</summary>
    public required BoundedTime P50 { get; init; }
    /// <summary>90th percentile, or null when there are too few runs for it.</summary>
    public BoundedTime? P90 { get; init; }
    /// <summary>95th percentile, or null when there are too few runs for it.</summary>
    public BoundedTime? P95 { get; init; }
    /// <summary>99th percentile, or null below 299 runs.</summary>
    public BoundedTime? P99 { get; init; }
}

/// <summary>Warm latency of one window.</summary>
/// <param name="Count">Number of inferences.</param>
/// <param name="Min">Fastest inference.</param>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile of the window's sample.</param>
/// <param name="Collections">Garbage collections during the window.</param>
public sealed record WindowStatistics(
    long Count,
    [property: JsonPropertyName("minUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan Min,
    [property: JsonPropertyName("p50Us"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan P50,
    [property: JsonPropertyName("p95Us"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan P95,
    int Collections)
{
    /// <summary>Lower bound of the median at 99 %, or null when there are too few runs.</summary>
    [JsonPropertyName("p50LowerUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan? P50Lower { get; init; }
    /// <summary>Upper bound of the median at 99 %, or null when there are too few runs.</summary>
    [JsonPropertyName("p50UpperUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan? P50Upper { get; init; }
}

/// <summary>Times of the first start.</summary>
/// <param name="SessionCreation">From the start of loading the file to a session that can run.</param>
/// <param name="FirstRun">The first inference.</param>
public sealed record ColdStart(
    [property: JsonPropertyName("sessionCreationUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan SessionCreation,
    [property: JsonPropertyName("firstRunUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan FirstRun)
{
    /// <summary>From the start of the process to a session that can run, the runtime's own start included; null when it is not known.</summary>
    [JsonPropertyName("processToSessionUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan? ProcessToSession { get; init; }
}

/// <summary>Inferences in a second from several callers of one session.</summary>
/// <param name="Streams">Number of callers.</param>
/// <param name="PerSecond">Median over the windows.</param>
/// <param name="Lowest">The slowest window: with five windows a lower bound at 96.9 %.</param>
/// <param name="Highest">The fastest window: with five windows an upper bound at 96.9 %.</param>
public sealed record Throughput(int Streams, double PerSecond, double Lowest, double Highest);

/// <summary>How warm-up went.</summary>
/// <param name="Runs">Inferences before the first window.</param>
/// <param name="Duration">Time they took.</param>
/// <param name="SteadyState">Whether a steady state was detected; if not, the windows still drift.</param>
public sealed record WarmupResult(
    int Runs,
    [property: JsonPropertyName("durationUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan Duration,
    bool SteadyState);

/// <summary>Memory of the measuring process.</summary>
/// <param name="PeakResident">Highest resident set (VmHWM): anonymous and file pages.</param>
/// <param name="Anonymous">Anonymous pages at the end (RssAnon): what the kernel cannot drop.</param>
/// <param name="FileBacked">File pages at the end (RssFile).</param>
/// <param name="Baseline">Resident set before the model was loaded.</param>
public sealed record MemoryUse(
    [property: JsonPropertyName("peakResidentBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize PeakResident,
    [property: JsonPropertyName("anonymousBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize Anonymous,
    [property: JsonPropertyName("fileBackedBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize FileBacked,
    [property: JsonPropertyName("baselineBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize Baseline);

/// <summary>Energy of one inference.</summary>
/// <param name="Source">Where the power figures come from, such as <c>hwmon:ina226</c>, <c>rapl</c> or <c>estimate</c>.</param>
/// <param name="Gross">Energy of one inference, idle power included.</param>
/// <param name="Net">Energy above idle, or null when idle is unknown.</param>
/// <param name="Coverage">Share of the window that valid samples cover. Range: 0 to 1.</param>
/// <param name="Estimated">Whether it is an estimate and no measurement.</param>
public sealed record EnergyUse(
    string Source,
    [property: JsonPropertyName("grossJoules"), JsonConverter(typeof(EnergyConverter))] Energy Gross,
    [property: JsonPropertyName("netJoules"), JsonConverter(typeof(EnergyConverter)), JsonIgnore(Condition = JsonIgnoreCondition.Never)] Energy? Net,
    double Coverage,
    bool Estimated)
{
    /// <summary>Mean power over the windows in watts.</summary>
    public double? MeanWatts { get; init; }
    /// <summary>Power of idling in watts before and after the windows, or null when it was not measured.</summary>
    public IReadOnlyList<double>? IdleWatts { get; init; }
    /// <summary>Largest minus smallest energy of an inference among the windows, as a share of the mean; net energy when idling is known.</summary>
    public double? Spread { get; init; }
}

/// <summary>Time of one operator of the optimised graph.</summary>
/// <param name="Node">Name of the node, as ONNX Runtime names it after optimisation.</param>
/// <param name="OperatorType">Type of the node, such as <c>FusedConv</c>.</param>
/// <param name="Mean">Mean time of one inference, corrected for the profiler's own cost.</param>
/// <param name="Share">Share of the whole inference. Range: 0 to 1.</param>
public sealed record OperatorTime(
    string Node,
    string OperatorType,
    [property: JsonPropertyName("meanUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan Mean,
    double Share)
{
    /// <summary>Memory of the operator, or null when ONNX Runtime did not tell it.</summary>
    public OperatorMemory? Memory { get; init; }
}

/// <summary>What the device was like while measuring; a missing value could not be read.</summary>
public sealed record RunConditions
{
    /// <summary>Model of the board or machine.</summary>
    public string? Machine { get; init; }
    /// <summary>Processor.</summary>
    public string? Processor { get; init; }
    /// <summary>Logical processors.</summary>
    public int Processors { get; init; }
    /// <summary>Operating system and kernel.</summary>
    public string? System { get; init; }
    /// <summary>Version of the board's firmware.</summary>
    public string? Firmware { get; init; }
    /// <summary>Version of ONNX Runtime.</summary>
    public required string OnnxRuntimeVersion { get; init; }
    /// <summary>Frequency governor.</summary>
    public string? Governor { get; init; }
    /// <summary>Clock of the first core in MHz before and after the windows.</summary>
    public IReadOnlyList<double>? ClockMhz { get; init; }
    /// <summary>Clock in MHz before and after the windows, measured by a chain of additions and not told by the kernel.</summary>
    public IReadOnlyList<double>? CalibratedMhz { get; init; }
    /// <summary>Processor temperature in degrees Celsius before and after the windows.</summary>
    public IReadOnlyList<double>? TemperatureCelsius { get; init; }
    /// <summary>Throttling flags that were set during the windows, by name.</summary>
    public IReadOnlyList<string>? Throttling { get; init; }
    /// <summary>Share of time in percent that tasks waited for a processor (pressure stall, 10 s mean), before and after.</summary>
    public IReadOnlyList<double>? CpuPressurePercent { get; init; }
    /// <summary>Share of the windows' time in percent that some task waited for a processor.</summary>
    public double? CpuStallPercent { get; init; }
    /// <summary>Share of the windows' time in percent that some task waited for memory.</summary>
    public double? MemoryStallPercent { get; init; }
    /// <summary>Swap in use before the run.</summary>
    [JsonPropertyName("swapUsedBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public ByteSize? SwapUsed { get; init; }
    /// <summary>Pages moved to and from swap during the windows, by any process.</summary>
    public long? SwappedPages { get; init; }
    /// <summary>Share of the windows' time in percent that the measuring threads were ready to run and waited for a processor; null where the kernel does not count it.</summary>
    public double? RunQueuePercent { get; init; }
    /// <summary>Load average over one minute before the run.</summary>
    public double? LoadAverage { get; init; }
    /// <summary>Memory that is free before the run.</summary>
    [JsonPropertyName("availableMemoryBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public ByteSize? AvailableMemory { get; init; }
    /// <summary>Hash of machine, system, runtime and settings: numbers are comparable when it is equal.</summary>
    public required string Fingerprint { get; init; }
}

/// <summary>Whether a run can be trusted.</summary>
[JsonConverter(typeof(NameConverter<RunValidity>))]
public enum RunValidity
{
    /// <summary>Nothing disturbed the run.</summary>
    Valid,
    /// <summary>Something may have disturbed it; the reasons say what.</summary>
    Suspect,
    /// <summary>The numbers must not be used.</summary>
    Invalid,
}

/// <summary>The verdict on a run.</summary>
/// <param name="Validity">Whether the numbers can be trusted.</param>
/// <param name="Reasons">Why not, one sentence each; empty for a valid run.</param>
public sealed record RunVerdict(RunValidity Validity, IReadOnlyList<string> Reasons);
