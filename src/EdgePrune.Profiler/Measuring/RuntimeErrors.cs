using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Profiler;

/// <summary>Translates what ONNX Runtime says into errors with a code and advice.</summary>
internal static class RuntimeErrors
{
    public static ModelException WhileLoading(string modelPath, OnnxRuntimeException refused)
    {
        var (code, advice) = Classify(refused.Message);
        return new ModelException(code, $"ONNX Runtime cannot load '{modelPath}': {refused.Message.Trim()} {advice}", refused);
    }

    public static ModelException WhileRunning(string modelPath, OnnxRuntimeException refused) => new(
        ErrorCode.ModelRejected,
        $"ONNX Runtime loaded '{modelPath}' but cannot run it: {refused.Message.Trim()} "
        + "Check the free dimension and the values of the input: generated integers are 0 or 1.",
        refused);

    internal static (ErrorCode Code, string Advice) Classify(string message) => message switch
    {
        _ when Says(message, "not a registered function/op") || Says(message, "No Op registered") || Says(message, "NotImplemented") || Says(message, "NOT_IMPLEMENTED") =>
            (ErrorCode.UnknownOperator, "Export with an operator set up to 26 and standard operators, or replace the operator."),
        _ when Says(message, "InvalidProtobuf") || Says(message, "INVALID_PROTOBUF") =>
            (ErrorCode.NotOnnx, "The file is no ONNX model or is damaged; copy or export it again."),
        _ when Says(message, "external data") || Says(message, "External data") || Says(message, "External initializer") =>
            (ErrorCode.MissingExternalData, "Put the file with the weights beside the model."),
        _ => (ErrorCode.ModelRejected, "Check the model with 'edgeprune inspect'; ONNX Runtime reads IR versions up to 13 and operator sets up to 26."),
    };

    private static bool Says(string message, string part) => message.Contains(part, StringComparison.Ordinal);
}
