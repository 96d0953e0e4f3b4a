using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>Number format of a model's weights and activations. <see cref="PrecisionTable"/> says of each what makes it and what it is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    /// <summary>As the model came, normally 32-bit float.</summary>
    Float32,
    /// <summary>8-bit integers with calibrated scales (QDQ).</summary>
    Int8,
    /// <summary>8-bit weights of MatMul, Gemm and LSTM; activations are rounded anew for every input.</summary>
    Dynamic,
    /// <summary>Weights stored as 16-bit floats.</summary>
    Float16,
    /// <summary>Weights of MatMul and Gemm in blocks of 8-bit numbers.</summary>
    Weights8,
    /// <summary>Weights of MatMul and Gemm in blocks of 4-bit numbers.</summary>
    Weights4,
}
