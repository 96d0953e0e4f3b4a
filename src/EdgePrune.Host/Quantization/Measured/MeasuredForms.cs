using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Host;

/// <summary>
/// What a device measured of two forms of one model, operator by operator: the float form and an int8 form. From it the quantizer
/// knows what integers save there, node by node, and what conversions cost.
/// </summary>
public sealed class MeasuredForms
{
    private readonly ProfileReport _float;

    private MeasuredForms(ProfileReport inFloat, IReadOnlyList<MeasuredInt8> inInt8, BoundedRatio ratio, Model? measured) => (_float, InInt8, Ratio, Measured) = (inFloat, inInt8, ratio, measured);

    /// <summary>Times of the float form's operators.</summary>
    public IReadOnlyList<OperatorTime> Float => _float.Operators;

    /// <summary>Times of the int8 form's operators; of several those of the form that was measured last.</summary>
    public IReadOnlyList<OperatorTime> Int8 => InInt8[0].Operators;

    /// <summary>Latency of the first int8 form over that of the float form, by their reports.</summary>
    public BoundedRatio Ratio { get; }

    /// <summary>SHA-256 of the float form's file.</summary>
    public string FloatSha256 => _float.ModelSha256;

    /// <summary>The int8 forms that were measured, the last one first.</summary>
    internal IReadOnlyList<MeasuredInt8> InInt8 { get; }

    /// <summary>The float form whose kernels have the names in its report; null where that has the names of the normalised model.</summary>
    internal Model? Measured { get; }

    /// <summary>Puts two reports together.</summary>
    /// <param name="inFloat">Report of the float form, with times of operators.</param>
    /// <param name="inInt8">Report of an int8 form, measured on the same device in the same way.</param>
    /// <param name="measured">The float model that was profiled: kernels are named after values of it that normalization takes away. Null where a normalised one was. <value>Default: null.</value></param>
    /// <returns>Both.</returns>
    /// <exception cref="InputException">They do not compare, one is invalid or has no times of operators, or their forms are not float and int8.</exception>
    public static MeasuredForms Of(ProfileReport inFloat, ProfileReport inInt8, Model? measured = null)
    {
        RequireSound(inFloat, "float");
        if (inFloat.Operators.FirstOrDefault(o => IntegerOperators.IsKernel(o.OperatorType)) is { } integer)
        {
            throw Refusal($"The float profile shows the integer kernel '{integer.Node}' ({integer.OperatorType}), so it is of a quantized model. Profile the float model.");
        }

        RequireInt8(inInt8);
        return new MeasuredForms(inFloat, [new MeasuredInt8(inInt8.Operators, null)], ReportComparison.Compare(inInt8, inFloat, acrossConditions: false), measured);
    }

    /// <summary>The same, once the last int8 form as a whole was timed in turn with float.</summary>
    /// <param name="ratio">Its latency over that of the float form.</param>
    internal MeasuredForms Timed(double ratio) => new(_float, [InInt8[0] with { Ratio = ratio }, .. InInt8.Skip(1)], Ratio, Measured);

    /// <summary>The same with another int8 form, that was timed in turn with float and then measured operator by operator.</summary>
    /// <param name="inInt8">Its report.</param>
    /// <param name="ratio">Its latency over that of the float form.</param>
    /// <exception cref="InputException">It does not compare, is invalid or has no times of integer operators.</exception>
    internal MeasuredForms With(ProfileReport inInt8, double ratio)
    {
        RequireInt8(inInt8);
        ReportComparison.Compare(inInt8, _float, acrossConditions: false);
        return new MeasuredForms(_float, [new MeasuredInt8(inInt8.Operators, ratio), .. InInt8], Ratio, Measured);
    }

    private static void RequireInt8(ProfileReport inInt8)
    {
        RequireSound(inInt8, "int8");
        if (!inInt8.Operators.Any(o => IntegerOperators.IsKernel(o.OperatorType)))
        {
            throw Refusal("The int8 profile shows no integer kernel, so it is not of a model that was quantized to int8. Profile what 'edgeprune quantize' wrote.");
        }
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

/// <summary>An int8 form that was measured.</summary>
/// <param name="Operators">Times of its operators.</param>
/// <param name="Ratio">Latency of the whole over that of float, timed in turn; null when it was only profiled.</param>
internal sealed record MeasuredInt8(IReadOnlyList<OperatorTime> Operators, double? Ratio);
