using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How the range of an activation is chosen for int8.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CalibrationMethod>))]
public enum CalibrationMethod
{
    /// <summary>Lowest to highest value seen.</summary>
    MinMax,
    /// <summary>The range that holds 99.99 % of the values, cut on each side alone.</summary>
    Percentile,
}
