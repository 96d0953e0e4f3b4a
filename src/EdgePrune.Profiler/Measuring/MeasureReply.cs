using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>What the measuring process answers: one line of JSON with a report, a comparison or an error.</summary>
internal sealed record MeasureReply(ProfileReport? Report = null, MeasureError? Error = null, ComparisonReport? Comparison = null);

/// <summary>An error that crosses the process boundary.</summary>
/// <param name="Code">The stable error number.</param>
/// <param name="Message">The message without the code.</param>
internal sealed record MeasureError(int Code, string Message)
{
    public static MeasureError From(EdgePruneException error)
    {
        var prefix = $"EP{(int)error.Code:0000}: ";
        var message = error.Message.StartsWith(prefix, StringComparison.Ordinal) ? error.Message[prefix.Length..] : error.Message;
        return new MeasureError((int)error.Code, message);
    }

    /// <summary>The exception class says who must act, as the thousands of the code do.</summary>
    public EdgePruneException ToException()
    {
        var code = (ErrorCode)Code;
        return code switch
        {
            _ when !Enum.IsDefined(code) => new DeviceException(ErrorCode.MeasurementFailed, $"The measuring process reported the unknown error {Code}: {Message}"),
            ErrorCode.ModelRejected => new ModelException(code, Message),
            _ when Code / 1000 == 1 => new InputException(code, Message),
            _ when Code / 1000 == 2 => new ModelException(code, Message),
            _ => new DeviceException(code, Message),
        };
    }
}
