using System.Buffers;
using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>ONNX Runtime's result looked at without a copy; the tensor must not be used once this or the result is disposed.</summary>
internal sealed class LentTensor : MemoryManager<byte>
{
    private readonly OrtValue _value;

    public LentTensor(OrtValue value)
    {
        _value = value;
        Tensor = TensorExchange.Wrap(value, _ => Memory);
    }

    public Tensor Tensor { get; }

    public override Span<byte> GetSpan() => _value.GetTensorMutableRawData();

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("The memory belongs to ONNX Runtime.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
