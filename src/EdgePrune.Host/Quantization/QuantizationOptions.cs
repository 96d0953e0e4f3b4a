using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>How a model is quantized to int8.</summary>
public sealed record QuantizationOptions
{
    /// <summary>How the range of an activation is chosen. <value>Default: Auto.</value></summary>
    public CalibrationMethod Method { get; set; } = CalibrationMethod.Auto;

    /// <summary>Share of the values, in percent, that the range of <see cref="CalibrationMethod.Percentile"/> holds; half of the rest is cut at each end. <value>Default: 99.99. Range: above 50, up to 100.</value></summary>
    public double Percentile { get; set; } = 99.99;

    /// <summary>
    /// Whether activations are signed. <value>Default: true, which ARM64 has the faster kernels for. Set it to false for x64: there ONNX Runtime
    /// rewrites signed activations, and leaves a value with several readers, as in residual networks, in float.</value>
    /// </summary>
    public bool SignedActivations { get; set; } = true;

    /// <summary>
    /// What the model takes as its input. <value>Default: floats.</value> With bytes, every activation is unsigned, whatever
    /// <see cref="SignedActivations"/> says: a convolution's kernel gives the type that it reads.
    /// </summary>
    public ModelInputType InputType { get; set; } = ModelInputType.Float32;

    /// <summary>Whether channels that share a range may be scaled against the weights that read them, and give up to their biases what all values have in common. <value>Default: true.</value></summary>
    public bool BalanceChannels { get; set; } = true;

    /// <summary>Whether the largest weights of a channel may be clipped where that makes the rest finer by more. <value>Default: true.</value></summary>
    public bool ClipWeights { get; set; } = true;

    /// <summary>Whether weights are rounded so that later ones make up for earlier ones, by the covariance of the inputs. <value>Default: true.</value></summary>
    public bool CompensateRounding { get; set; } = true;

    /// <summary>Whether biases take up what the means of the layers' outputs lose. <value>Default: true.</value></summary>
    public bool CorrectBias { get; set; } = true;

    /// <summary>Ranges from the lowest to the highest value, weights to their nearest integers, and nothing else: what training under rounding sees.</summary>
    public static QuantizationOptions Plain => new() { Method = CalibrationMethod.MinMax, BalanceChannels = false, ClipWeights = false, CompensateRounding = false, CorrectBias = false };

    /// <summary>Whether anything is left to a decision by samples.</summary>
    internal bool Searches => Method == CalibrationMethod.Auto || BalanceChannels || ClipWeights || CompensateRounding || CorrectBias;

    /// <summary>Names of nodes that stay in float whatever they are. <value>Default: none.</value></summary>
    [JsonConverter(typeof(NameSetConverter))]
    public IReadOnlySet<string> KeepFloat { get; set; } = new HashSet<string>();

    /// <summary>
    /// What a device measured of the model's float form and of an int8 form: nodes are in int8 only where that saves time there, and a limit gives
    /// nodes back to float by the time they lose. <value>Default: null, multiply-accumulates are counted instead.</value>
    /// </summary>
    [JsonIgnore]
    public MeasuredForms? Measured { get; set; }

    /// <summary>All faults of the options; empty when they are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Method))
        {
            faults.Add($"method is {(int)Method}; it must be one of {string.Join(", ", Enum.GetNames<CalibrationMethod>())}.");
        }

        if (!Enum.IsDefined(InputType))
        {
            faults.Add($"inputType is {(int)InputType}; it must be one of {string.Join(", ", Enum.GetNames<ModelInputType>())}.");
        }

        if (Percentile is not (> 50 and <= 100))
        {
            faults.Add($"percentile is {Percentile}; it must be above 50 and at most 100.");
        }

        return faults;
    }
}
