using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePrune.Profiler;

/// <summary>Sizes of the element types that can be bound to plain memory.</summary>
internal static class ElementTypes
{
    public static int Size(string tensor, TensorElementType type) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool => 1,
        TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Int16 or TensorElementType.UInt16 => 2,
        TensorElementType.Float or TensorElementType.Int32 or TensorElementType.UInt32 => 4,
        TensorElementType.Double or TensorElementType.Int64 or TensorElementType.UInt64 => 8,
        _ => throw new ModelException(
            ErrorCode.ModelRejected,
            $"Tensor '{tensor}' has elements of type {type}, which cannot be generated or bound; expected a number or a boolean."),
    };
}
