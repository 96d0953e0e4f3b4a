using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What a model should need less of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdviceNeed>))]
public enum AdviceNeed
{
    /// <summary>Time of one inference.</summary>
    Latency,
    /// <summary>Weights and activations in memory.</summary>
    Memory,
    /// <summary>Bytes of the compressed file on the way to the device.</summary>
    Transfer,
    /// <summary>Energy of one inference.</summary>
    Energy,
}
