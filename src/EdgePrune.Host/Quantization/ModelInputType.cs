using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What a quantized model takes as its input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelInputType>))]
public enum ModelInputType
{
    /// <summary>32-bit floats, normalised as those of the float model.</summary>
    Float32,

    /// <summary>Raw bytes, 0 to 255, as a camera gives them; the normalisation is in the model.</summary>
    UInt8,
}
