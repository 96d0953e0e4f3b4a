using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What a rate is a share of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RateUnit>))]
public enum RateUnit
{
    /// <summary>The channels that can be pruned.</summary>
    Channels,
    /// <summary>The model's float parameters.</summary>
    Parameters,
    /// <summary>The model's multiply-accumulate operations.</summary>
    Macs,
    /// <summary>The bytes of the model's file.</summary>
    Bytes,
    /// <summary>The latency that a target's figures predict; needs a target with <see cref="Contracts.PerformanceEstimate"/>.</summary>
    Latency,
}
