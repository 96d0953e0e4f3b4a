using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>How to measure a model: session settings and the stopping rules of warm-up and windows.</summary>
public sealed record ProfileSettings
{
    /// <summary>Threads of ONNX Runtime's intra-op pool. <value>Default: 1. Range: 1 to 64.</value></summary>
    public int Threads { get; set; } = 1;
    /// <summary>Whether threads spin while they wait. <value>Default: false: spinning burns energy and disturbs other work.</value></summary>
    public bool Spinning { get; init; }
    /// <summary>Whether ONNX Runtime keeps freed memory in an arena. <value>Default: true.</value></summary>
    public bool MemoryArena { get; set; } = true;
    /// <summary>Whether ONNX Runtime plans the memory of intermediate values ahead. <value>Default: true.</value></summary>
    public bool MemoryPattern { get; set; } = true;
    /// <summary>Whether weights are rearranged while loading: faster runs, more memory. <value>Default: true.</value></summary>
    public bool Prepacking { get; set; } = true;
    /// <summary>Whether denormal numbers count as zero, which heavily pruned models may gain from. <value>Default: false.</value></summary>
    public bool DenormalsAsZero { get; init; }
    /// <summary>Time from the start of one inference to the start of the next, as an application does; null for one right after another. <value>Default: null. Range: to one minute.</value></summary>
    [JsonPropertyName("periodUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan? Period { get; init; }
    /// <summary>Callers at the same time whose throughput is measured as well; 1 for none. <value>Default: 1. Range: 1 to 64.</value></summary>
    public int Streams { get; set; } = 1;
    /// <summary>Value used for every free dimension of the input, the batch included. <value>Default: 1.</value></summary>
    public int FreeDimension { get; set; } = 1;
    /// <summary>Number of measuring windows. <value>Default: 5. Range: 5 to 100.</value></summary>
    public int Windows { get; set; } = 5;
    /// <summary>Shortest duration of a window. <value>Default: 1 s.</value></summary>
    [JsonPropertyName("windowUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(1);
    /// <summary>Fewest inferences of a window. <value>Default: 60, so that five windows bound the 95th percentile well.</value></summary>
    public int MinRunsPerWindow { get; set; } = 60;
    /// <summary>Longest time spent on detecting a steady state. <value>Default: 10 s.</value></summary>
    [JsonPropertyName("maxWarmupUs"), JsonConverter(typeof(MicrosecondsConverter))]
    public TimeSpan MaxWarmup { get; set; } = TimeSpan.FromSeconds(10);
    /// <summary>Whether a second pass attributes time to operators. <value>Default: true.</value></summary>
    public bool PerOperator { get; set; } = true;
    /// <summary>Confidence of every bound. <value>Default: 0.95. Range: 0.5 to 0.999.</value></summary>
    public double Confidence { get; set; } = 0.95;
    /// <summary>Seed of the random input. <value>Default: 1.</value></summary>
    public int Seed { get; set; } = 1;

    /// <summary>All faults of the settings; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(faults, Threads is >= 1 and <= 64, $"threads is {Threads}; it must be between 1 and 64.");
        Require(faults, Windows is >= 5 and <= 100, $"windows is {Windows}; it must be between 5 and 100.");
        Require(faults, FreeDimension is >= 1 and <= 65536, $"freeDimension is {FreeDimension}; it must be between 1 and 65536.");
        Require(faults, MinRunsPerWindow is >= 1 and <= 1_000_000, $"minRunsPerWindow is {MinRunsPerWindow}; it must be between 1 and 1000000.");
        Require(faults, Window > TimeSpan.Zero && Window <= TimeSpan.FromHours(1), $"windowUs is {Window.TotalMicroseconds}; it must be above 0 and at most one hour.");
        Require(faults, MaxWarmup >= TimeSpan.Zero && MaxWarmup <= TimeSpan.FromHours(1), $"maxWarmupUs is {MaxWarmup.TotalMicroseconds}; it must be at most one hour.");
        Require(faults, Period is null || (Period > TimeSpan.Zero && Period <= TimeSpan.FromMinutes(1)), $"periodUs is {Period?.TotalMicroseconds}; it must be above 0 and at most one minute.");
        Require(faults, Streams is >= 1 and <= 64, $"streams is {Streams}; it must be between 1 and 64.");
        Require(faults, Streams == 1 || Period is null, "streams and periodUs exclude each other: callers of a throughput do not wait.");
        Require(faults, Confidence is >= 0.5 and <= 0.999, $"confidence is {Confidence}; it must be between 0.5 and 0.999.");
        return faults;
    }

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
