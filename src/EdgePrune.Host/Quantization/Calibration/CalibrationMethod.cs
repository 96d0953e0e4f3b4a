using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How the range of an activation is chosen for int8.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CalibrationMethod>))]
public enum CalibrationMethod
{
    /// <summary>Lowest to highest value seen.</summary>
    MinMax,
    /// <summary>
    /// Beyond the lowest and highest value seen, to those that three times as many samples are expected to show, by the Gumbel distribution of the batches' extremes
    /// (E. J. Gumbel, Statistics of Extremes, 1958): room for what calibration did not see.
    /// </summary>
    Extremes,
    /// <summary>The range that holds 99.99 % of the values, cut on each side alone.</summary>
    Percentile,
    /// <summary>The mean of the batches' lowest and highest values, the last hundred of them counting most: one outlier moves it little.</summary>
    MovingAverage,
    /// <summary>The range whose rounding and clipping leave the smallest mean squared error.</summary>
    Mse,
    /// <summary>The range after which the distribution of the values is least changed, by the Kullback-Leibler divergence; each side alone.</summary>
    Entropy,
    /// <summary>Extremes first, then all others are tried; the one stays whose model is nearest to the float model's outputs on samples that calibration has not seen.</summary>
    Auto,
}
