using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>Turns ONNX Runtime's errors into ours.</summary>
internal static class RuntimeErrors
{
    public static ModelException Translate(OnnxRuntimeException e)
    {
        var unknown = e.Message.Contains("is not a registered function/op", StringComparison.Ordinal)
            || e.Message.Contains("NotImplemented", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("No Op registered", StringComparison.Ordinal);
        return unknown
            ? new ModelException(ErrorCode.UnknownOperator, $"ONNX Runtime knows no such operator: {e.Message} Export the model with standard operators of opset 7 to 26.", e)
            : new ModelException(ErrorCode.ModelRejected, $"ONNX Runtime cannot run the model: {e.Message} Check it with 'edgeprune inspect'.", e);
    }
}
