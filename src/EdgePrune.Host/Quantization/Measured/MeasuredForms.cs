using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>
/// What a device measured of two forms of one model, operator by operator: the float form and an int8 form. From it the quantizer
/// knows what integers save there, node by node, and what conversions cost.
/// </summary>
public sealed class MeasuredForms
{
    private MeasuredForms(ProfileReport inFloat, ProfileReport inInt8)
    {
        (Float, Int8) = (inFloat.Operators, inInt8.Operators);
        Ratio = ReportComparison.Compare(inInt8, inFloat, acrossConditions: false);
        FloatSha256 = inFloat.ModelSha256;
    }

    /// <summary>Times of the float form's operators.</summary>
    public IReadOnlyList<OperatorTime> Float { get; }

    /// <summary>Times of the int8 form's operators.</summary>
    public IReadOnlyList<OperatorTime> Int8 { get; }

    /// <summary>Latency of the int8 form over that of the float form.</summary>
    public BoundedRatio Ratio { get; }

    /// <summary>SHA-256 of the float form's file.</summary>
    public string FloatSha256 { get; }

    /// <summary>Puts two reports together.</summary>
    /// <param name="inFloat">Report of the float form, with times of operators.</param>
    /// <param name="inInt8">Report of an int8 form, measured on the same device in the same way.</param>
    /// <returns>Both.</returns>
    /// <exception cref="InputException">They do not compare, one is invalid or has no times of operators, or their forms are not float and int8.</exception>
    public static MeasuredForms Of(ProfileReport inFloat, ProfileReport inInt8)
    {
        RequireSound(inFloat, "float");
        RequireSound(inInt8, "int8");
        if (inFloat.Operators.FirstOrDefault(o => IntegerOperators.IsKernel(o.OperatorType)) is { } integer)
        {
            throw Refusal($"The float profile shows the integer kernel '{integer.Node}' ({integer.OperatorType}), so it is of a quantized model. Profile the float model.");
        }

        return inInt8.Operators.Any(o => IntegerOperators.IsKernel(o.OperatorType))
            ? new MeasuredForms(inFloat, inInt8)
            : throw Refusal("The int8 profile shows no integer kernel, so it is not of a model that was quantized to int8. Profile what 'edgeprune quantize' wrote.");
    }

    private static void RequireSound(ProfileReport report, string form)
    {
        if (report.Operators is not { Count: > 0 })
        {
            throw Refusal($"The {form} profile has no times of operators. Measure again, with times of operators.");
        }

        if (report.Operators.Any(o => o is not { Node: not null, OperatorType: not null } || o.Mean < TimeSpan.Zero) || report.Operators.Sum(o => o.Mean.TotalSeconds) <= 0)
        {
            throw Refusal($"The {form} profile is damaged: an operator has no name or type, or its times are negative or all 0. Measure again.");
        }
    }

    private static InputException Refusal(string what) => new(ErrorCode.InvalidOption, what);
}
