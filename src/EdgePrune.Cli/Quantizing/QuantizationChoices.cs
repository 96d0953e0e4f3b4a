using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>How a model is quantized to int8: ranges, and the steps that make it more accurate.</summary>
internal sealed class QuantizationChoices
{
    private static readonly Dictionary<string, CalibrationMethod> Methods = new(StringComparer.Ordinal)
    {
        ["auto"] = CalibrationMethod.Auto,
        ["extremes"] = CalibrationMethod.Extremes,
        ["minmax"] = CalibrationMethod.MinMax,
        ["moving-average"] = CalibrationMethod.MovingAverage,
        ["percentile"] = CalibrationMethod.Percentile,
        ["mse"] = CalibrationMethod.Mse,
        ["entropy"] = CalibrationMethod.Entropy,
    };

    private static readonly Dictionary<string, ModelInputType> Inputs = new(StringComparer.Ordinal) { ["float32"] = ModelInputType.Float32, ["uint8"] = ModelInputType.UInt8 };

    private readonly Option<string> _calibration = new("--calibration")
    {
        Description = "How the range of an activation is chosen: auto tries all and takes the one whose outputs are nearest to the float model's on samples set aside; or extremes, minmax, moving-average, percentile, mse, entropy.",
        HelpName = "METHOD",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<double> _percentile = new("--percentile") { Description = "Share of the values that ranges by percentile hold; each side is cut alone.", HelpName = "PERCENT", DefaultValueFactory = _ => new QuantizationOptions().Percentile };
    private readonly Option<bool> _noBalance = new("--no-balance") { Description = "Do not scale channels against the weights that read them." };
    private readonly Option<bool> _noClip = new("--no-clip") { Description = "Do not clip the largest weights of a channel." };
    private readonly Option<bool> _noCompensation = new("--no-compensation") { Description = "Round every weight to its nearest integer." };
    private readonly Option<bool> _noBias = new("--no-bias-correction") { Description = "Leave biases as they are." };
    private readonly Option<string> _input = new("--input-type")
    {
        Description = "What the model takes: float32, the normalised floats of the float model, or uint8, the bytes of a camera, 0 to 255: the normalisation of the samples goes into the model. Activations are unsigned then.",
        HelpName = "TYPE",
        DefaultValueFactory = _ => "float32",
    };

    private readonly Option<string[]> _keepFloat = new("--keep-float") { Description = "A node that stays in float, by its name or the name of its output; may be given more than once.", HelpName = "NODE", AllowMultipleArgumentsPerToken = false };

    /// <summary>Adds the options to a verb.</summary>
    public QuantizationChoices(Command verb)
    {
        _calibration.AcceptOnlyFromAmong([.. Methods.Keys]);
        _input.AcceptOnlyFromAmong([.. Inputs.Keys]);
        foreach (var option in new Option[] { _calibration, _percentile, _noBalance, _noClip, _noCompensation, _noBias, _keepFloat, _input })
        {
            verb.Add(option);
        }
    }

    /// <summary>The choices.</summary>
    public QuantizationOptions Read(ParseResult parse) => new()
    {
        Method = Methods[parse.GetRequiredValue(_calibration)],
        Percentile = parse.GetValue(_percentile),
        BalanceChannels = !parse.GetValue(_noBalance),
        ClipWeights = !parse.GetValue(_noClip),
        CompensateRounding = !parse.GetValue(_noCompensation),
        CorrectBias = !parse.GetValue(_noBias),
        KeepFloat = (parse.GetValue(_keepFloat) ?? []).ToHashSet(),
        InputType = Inputs[parse.GetRequiredValue(_input)],
    };
}
