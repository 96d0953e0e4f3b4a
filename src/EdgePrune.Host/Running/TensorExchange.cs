using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace EdgePrune.Host;

/// <summary>A tensor lent to ONNX Runtime without a copy; its bytes stay pinned until it is disposed.</summary>
internal sealed class BorrowedTensor : IDisposable
{
    private System.Buffers.MemoryHandle _handle;

    public unsafe BorrowedTensor(Tensor tensor)
    {
        _handle = tensor.Bytes.Pin();
        Value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            (TensorElementType)tensor.ElementType,
            tensor.Dims.ToArray(),
            (IntPtr)_handle.Pointer,
            tensor.Bytes.Length);
    }

    public OrtValue Value { get; }

    public void Dispose()
    {
        Value.Dispose();
        _handle.Dispose();
    }
}

/// <summary>Copies ONNX Runtime's results.</summary>
internal static class TensorExchange
{
    public static Tensor Copy(OrtValue value) => Wrap(value, v => v.GetTensorMutableRawData().ToArray());

    /// <summary>A tensor of the value's type and shape over the bytes that <paramref name="bytes"/> gives.</summary>
    public static Tensor Wrap(OrtValue value, Func<OrtValue, ReadOnlyMemory<byte>> bytes)
    {
        if (!value.IsTensor)
        {
            return new Tensor(ElementType.Undefined, [0], default);
        }

        var info = value.GetTensorTypeAndShape();
        var type = (ElementType)info.ElementDataType;
        if (type == ElementType.Text)
        {
            throw new ModelException(ErrorCode.UnknownOperator, "An output of the model is text, which cannot be compared. Remove that output.");
        }

        return new Tensor(type, info.Shape, info.ElementCount == 0 ? default : bytes(value));
    }
}
