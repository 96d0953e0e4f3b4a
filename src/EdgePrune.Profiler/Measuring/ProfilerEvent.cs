using System.Text.Json.Serialization;

namespace EdgePrune.Profiler;

/// <summary>One event of ONNX Runtime's profile; times in microseconds.</summary>
internal sealed record ProfilerEvent
{
    [JsonPropertyName("cat")]
    public string? Category { get; init; }

    public string? Name { get; init; }

    [JsonPropertyName("ts")]
    public long Start { get; init; }

    [JsonPropertyName("dur")]
    public long Duration { get; init; }

    public ProfilerEventDetails? Args { get; init; }
}

/// <summary>Details of an event; only what attribution needs. Sizes are bytes, written as text.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record ProfilerEventDetails
{
    [JsonPropertyName("op_name")]
    public string? Operator { get; init; }

    [JsonPropertyName("activation_size")]
    public long? Inputs { get; init; }

    [JsonPropertyName("parameter_size")]
    public long? Parameters { get; init; }

    [JsonPropertyName("output_size")]
    public long? Outputs { get; init; }

    /// <summary>What the arena has given out when the operator ends; its inputs are not returned yet.</summary>
    [JsonPropertyName("mem_bytes_in_use")]
    public long? InUse { get; init; }

    /// <summary>How much of that the operator added.</summary>
    [JsonPropertyName("mem_in_use_delta")]
    public long? Added { get; init; }
}
