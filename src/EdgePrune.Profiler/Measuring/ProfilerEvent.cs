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

/// <summary>Details of an event; only what attribution needs.</summary>
internal sealed record ProfilerEventDetails
{
    [JsonPropertyName("op_name")]
    public string? Operator { get; init; }
}
